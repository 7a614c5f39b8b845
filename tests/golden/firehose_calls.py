"""Calls of Firehose."""

import golden

FIREHOSE = "Firehose_20150804"


def call(hydrant, operation, request):
    return golden.call(hydrant, operation, request, FIREHOSE)


def call_ok(hydrant, operation, request):
    reply = call(hydrant, operation, request)
    assert reply.status == 200, reply
    return reply.document
