// The button to print, where there are scripts.
const button = document.getElementById("print");
button.hidden = false;
button.addEventListener("click", () => window.print());
