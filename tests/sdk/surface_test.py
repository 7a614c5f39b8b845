"""The tables of what requests may say are complete, and say nothing that is not there.

Walks every member of every operation of the models of Firehose and Kinesis. That the tables are
true is for firehose_surface_test.py and kinesis_surface_test.py.
"""

import pytest

import firehose_surface
import kinesis_surface

SURFACES = [firehose_surface.SURFACE, kinesis_surface.SURFACE]


@pytest.fixture(params=SURFACES, ids=lambda surface: surface.service)
def surface(request):
    return request.param


def test_every_member_is_used_shown_or_listed(surface):
    known = surface.used | set(surface.shown) | set(surface.listed)
    assert [path for operation in surface.operations
            for path, key in surface.places(operation) if key not in known] == []


def test_every_entry_names_a_member(surface):
    keys = {key for operation in surface.operations for _, key in surface.places(operation)}
    assert sorted((surface.used | set(surface.shown) | set(surface.listed)) - keys) == []


def test_no_member_is_more_than_one_of_them(surface):
    shown, listed = set(surface.shown), set(surface.listed)
    assert surface.used & shown | surface.used & listed | shown & listed == set()


def test_every_operation_that_is_absent_is_one_of_the_model(surface):
    assert surface.absent <= set(surface.model.operation_names)
