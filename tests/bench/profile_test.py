"""What the profile calls the functions that perf names."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest

SCRIPT = str(Path(__file__).parents[2] / "bench/profile")


@pytest.fixture(scope="module")
def profile():
    loader = SourceFileLoader("bench_profile", SCRIPT)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(("symbol", "group"), [
    ("[k] tcp_ack", "kernel: TCP, scheduling, system calls"),
    ("[k] _copy_to_iter", "kernel: copies between socket and buffer"),
    ("[.] hydrant::net::(anonymous namespace)::split_field", "HTTP: parse the head"),
    ("[.] hydrant::net::IoThread::serve", "HTTP: session and I/O loop"),
    ("[.] hydrant::(anonymous namespace)::decode_avx2", "base64"),
    ("[.] hydrant::aws::JsonReader::string", "decode into the declared input"),
    ("[.] hydrant::streams::md5_short", "partition keys to shards (MD5)"),
    ("[.] hydrant::streams::Shard::append", "shard: meter, number, store, read"),
    ("[.] hydrant::aws::JsonReplyWriter::append_quoted", "encode the reply"),
    ("[.] something", "everything else"),
])
def test_a_function_is_counted_with_what_it_is_for(profile, symbol, group):
    assert profile.group_of(symbol) == group
