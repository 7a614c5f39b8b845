"""What the scenarios of bench/run stand on: servers, clients, load, results and the chart."""
