"""The pickle of a torch archive, walked without being loaded: nothing is imported, called or built.

Loading a pickle runs whatever functions it names. Here a function is two words, a call is a note of its
arguments, and only the calls that torch itself writes for tensors are understood (`pickle_values.py`).
Every other call is an opaque thing whose contents are still looked through, and its name is reported.
"""

from __future__ import annotations

from typing import Final

from builder.parse.headers.pickle_machine import Machine
from builder.parse.headers.pickle_steps import STEPS
from builder.parse.headers.pickle_values import TorchTensor, name_tensors, refuse

MAX_OPCODES: Final = 20_000
MAX_OPCODES_PER_TENSOR: Final = 200
"""torch writes about 35 opcodes per tensor of a state dictionary, and 90 to 130 per tensor of a pickled
module. A walk that finds no tensors ends early, one that does may go on."""

_STOP: Final = ord(".")


def walk_pickle(data: bytes) -> tuple[tuple[tuple[str, TorchTensor], ...], tuple[str, ...]]:
    """Tensors with their names, and the functions and classes that were not understood.

    Raises:
        HeaderUnreadable: the pickle is damaged, does more than describe data, or takes too long.
    """
    machine = Machine(data)
    root = _run(machine)
    return name_tensors([root, *machine.beside]), tuple(sorted(machine.unknown))


def _run(machine: Machine) -> object:
    data = machine.data
    done = start = 0
    try:
        while True:
            start = machine.at
            code = data[start]
            machine.at = start + 1
            done += 1
            if done > MAX_OPCODES + MAX_OPCODES_PER_TENSOR * machine.tensors:
                raise refuse(start, f"{done} opcodes describe only {machine.tensors} tensors")
            if code == _STOP:
                return machine.stack.pop()
            STEPS[code](machine)
    except IndexError as error:
        raise refuse(start, "the pickle ends early or takes more off its stack than is on it") from error
    except KeyError as error:
        raise refuse(start, "the pickle has an unknown opcode or recalls what it never noted") from error
    except ValueError as error:
        raise refuse(start, "the pickle holds a number or a text that is none") from error
