"""What the shared fixtures promise."""

import psycopg
import pytest
from playwright.sync_api import sync_playwright


@pytest.mark.postgres
@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_has_an_empty_database_of_its_own(postgres_empty: str, round_: int) -> None:
    assert postgres_empty.startswith("postgresql://")
    with psycopg.connect(postgres_empty) as connection:
        connection.execute("CREATE TABLE here (text text)")
        connection.execute("INSERT INTO here VALUES ('故障 2 已转交')")
        assert connection.execute("SELECT text FROM here").fetchall() == [("故障 2 已转交",)]


@pytest.mark.browser
def test_the_browser_runs_scripts_and_knows_chinese(chromium_path: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<p id=here></p><script>document.getElementById('here').textContent = '转交'</script>")
        assert page.inner_text("#here") == "转交"
        browser.close()
