"""An application of the Kinesis Client Library through a split, a merge and a restart.

It is the strictest consumer there is: it checks that children follow from every shard that ends,
and that the open shards cover all hash keys. Its leases are in DynamoDB Local.
"""

import base64
from collections import Counter, defaultdict

import pytest

from client_program import ClientProgram
from resources import configuration

pytestmark = pytest.mark.slow

STREAM = "clicks"
KEYS = [f"key {number}" for number in range(20)]
FIRST, SECOND, LOWER, UPPER, MERGED = (f"shardId-{number:012}" for number in range(5))


class Clicks:
    """Puts rounds of records, one a key, and keeps what an application must see of them."""

    def __init__(self, kinesis):
        self._kinesis = kinesis
        self._rounds = 0
        self.put = []

    def put_round(self):
        self._rounds += 1
        records = [(key, f"{key}, round {self._rounds}") for key in KEYS]
        answer = self._kinesis.put_records(StreamName=STREAM, Records=[
            {"PartitionKey": key, "Data": data} for key, data in records])
        assert answer["FailedRecordCount"] == 0
        self.put += records


class Application:
    """What all runs of the application told, in order."""

    def __init__(self, start_program, clicks):
        self._start = start_program
        self._clicks = clicks
        self.records, self.begun, self.ended = [], [], []

    def _note(self, told):
        if "data" in told:
            self.records.append((told["key"], base64.b64decode(told["data"]).decode()))
        for kind in ("begun", "ended"):
            getattr(self, kind).extend([told[kind]] if kind in told else [])

    def run(self, work):
        """Runs it beside `work`, which is called with a function that waits for all that was put
        and the ends of shards; then stops it in good order."""
        with self._start() as program:

            def catch_up(*ended):
                while set(self._clicks.put) - set(self.records) or set(ended) - set(self.ended):
                    self._note(program.told())

            work(catch_up)
            program.finish()
            rest = program.rest()
        for told in rest:
            self._note(told)
        assert rest[-1] == {"stopped": True}


def wait_until_active(kinesis):
    kinesis.get_waiter("stream_exists").wait(StreamName=STREAM, WaiterConfig={"Delay": 0.05})


@pytest.mark.parametrize("mode", ["polling", "fan-out"])
def test_an_application_sees_every_record_once_and_in_order(start, java, leases, mode):
    server = start(clock="real", config=configuration(
        delays={"reshardMs": 100, "consumerMs": 100},
        streams=[{"StreamName": STREAM, "ShardCount": 2}]))
    kinesis = server.kinesis
    clicks = Clicks(kinesis)
    application = Application(
        lambda: ClientProgram(java("Consumer", STREAM, f"app-{mode}", mode), server.url,
                              AWS_ENDPOINT_URL_DYNAMODB=leases), clicks)

    def reshard(catch_up):
        clicks.put_round()
        catch_up()
        kinesis.split_shard(StreamName=STREAM, ShardToSplit=FIRST,
                            NewStartingHashKey=str(2**126))
        clicks.put_round()
        wait_until_active(kinesis)
        clicks.put_round()
        catch_up(FIRST)
        kinesis.merge_shards(StreamName=STREAM, ShardToMerge=UPPER, AdjacentShardToMerge=SECOND)
        clicks.put_round()
        wait_until_active(kinesis)
        clicks.put_round()
        catch_up(FIRST, UPPER, SECOND)

    def go_on(catch_up):
        catch_up()
        clicks.put_round()
        catch_up()

    clicks.put_round()
    application.run(reshard)
    clicks.put_round()
    application.run(go_on)

    assert Counter(application.records) == Counter(clicks.put)
    by_key = defaultdict(list)
    for key, data in application.records:
        by_key[key].append(data)
    for key in KEYS:
        assert by_key[key] == [data for other, data in clicks.put if other == key]
    assert sorted(application.ended) == [FIRST, SECOND, UPPER]
    assert Counter(application.begun) == {FIRST: 1, SECOND: 1, UPPER: 1, LOWER: 2, MERGED: 2}
