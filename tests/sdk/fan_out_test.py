"""Many subscribers at once: what bench/run fan_out measures, in small and without the clock."""

from fan_out import Layout, Load, Subscribers, Writer


def test_every_subscriber_gets_every_record_once_and_in_order(start):
    server = start("--delays.consumerMs", "0", "--delays.createStreamMs", "0",
                   "--throttle.scale", "100")
    layout = Layout(server.url, shards=10, consumers=20)
    with Subscribers(layout) as subscribers:
        plan = [Load(shard, 10_000 if shard == 0 else 100, 100 if shard == 0 else 10)
                for shard in range(10)]
        counts = subscribers.read_until_complete(Writer(layout, plan, seconds=3))
    assert counts == {shard: 300 if shard == 0 else 30 for shard in range(10)}
