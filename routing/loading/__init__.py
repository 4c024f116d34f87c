"""From the text of `orgchart.yaml` to checked tables, by way of YAML nodes: the only rooms here that know YAML."""
