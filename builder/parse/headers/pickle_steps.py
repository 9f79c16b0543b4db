"""What each opcode of a pickle does to the machine: a table from code to step, for protocols 0 to 5.

Opcodes and their arguments: `Lib/pickletools.py` of CPython. Texts that are too long to be names, bytes
and fractions leave None: no count depends on them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from builder.parse.headers.pickle_machine import Machine
from builder.parse.headers.pickle_values import Container, Global, read_storage, refuse

MAX_TEXT_BYTES: Final = 4_096
_MAX_INT_BYTES: Final = 16
_MAX_INT_DIGITS: Final = 20
_MAX_PROTOCOL: Final = 5
_TEXT_LENGTHS: Final = {0x8C: 1, ord("X"): 4, 0x8D: 8}
# Python 2 wrote names as byte strings.
_OLD_TEXT_LENGTHS: Final = {ord("U"): 1, ord("T"): 4}
_BYTES_LENGTHS: Final = {ord("C"): 1, ord("B"): 4, 0x8E: 8, 0x96: 8}

Step = Callable[[Machine], None]


def _text_of(width: int, encoding: str = "utf-8") -> Step:
    def step(machine: Machine) -> None:
        length = machine.number(width)
        if length <= MAX_TEXT_BYTES:
            machine.stack.append(machine.take(length).decode(encoding))
        else:
            machine.skip(length)
            machine.push(None)

    return step


def _bytes_of(width: int) -> Step:
    def step(machine: Machine) -> None:
        machine.skip(machine.number(width))
        machine.push(None)

    return step


def _number_of(width: int, *, signed: bool = False) -> Step:
    def step(machine: Machine) -> None:
        machine.push(int.from_bytes(machine.take(width), "little", signed=signed))

    return step


def _long_of(width: int) -> Step:
    def step(machine: Machine) -> None:
        length = machine.number(width)
        if length > _MAX_INT_BYTES:
            machine.skip(length)
            machine.push(None)
        else:
            machine.push(int.from_bytes(machine.take(length), "little", signed=True))

    return step


def _constant(value: object) -> Step:
    return lambda machine: machine.push(value)


def _container() -> Step:
    return lambda machine: machine.push(Container())


def _tuple_of(length: int) -> Step:
    def step(machine: Machine) -> None:
        if len(machine.stack) < length:
            raise IndexError
        items = tuple(machine.stack[len(machine.stack) - length :])
        del machine.stack[len(machine.stack) - length :]
        machine.push(items)

    return step


def _get(width: int) -> Step:
    return lambda machine: machine.push(machine.memo[machine.number(width)])


def _put(width: int) -> Step:
    def step(machine: Machine) -> None:
        machine.memo[machine.number(width)] = machine.stack[-1]

    return step


def _skip_line(machine: Machine) -> None:
    machine.raw_line()
    machine.push(None)


def _read_text_line(machine: Machine) -> None:
    text = machine.raw_line()
    machine.push(text.decode("raw-unicode-escape") if len(text) <= MAX_TEXT_BYTES else None)


def _read_int(machine: Machine) -> None:
    text = machine.raw_line().removesuffix(b"L")
    machine.push(int(text) if len(text) <= _MAX_INT_DIGITS else None)


def _skip_float(machine: Machine) -> None:
    machine.skip(8)
    machine.push(None)


def _frame(machine: Machine) -> None:
    machine.skip(8)  # how long the frame is: a hint for reading ahead


def _protocol(machine: Machine) -> None:
    if machine.number(1) > _MAX_PROTOCOL:
        raise ValueError


def _pop(machine: Machine) -> None:
    if machine.stack:
        machine.stack.pop()
    else:
        machine.pop_mark()


def _drop_marked(machine: Machine) -> None:
    machine.pop_mark()


def _close_tuple(machine: Machine) -> None:
    machine.push(tuple(machine.pop_mark()))


def _collect(machine: Machine) -> None:
    machine.push(Container(list(enumerate(machine.pop_mark()))))


def _collect_pairs(machine: Machine) -> None:
    items = machine.pop_mark()
    machine.push(Container(list(zip(items[::2], items[1::2], strict=True))))


def _append(machine: Machine) -> None:
    item = machine.stack.pop()
    machine.append([item])


def _append_all(machine: Machine) -> None:
    items = machine.pop_mark()
    machine.append(items)


def _set_item(machine: Machine) -> None:
    value, key = machine.stack.pop(), machine.stack.pop()
    machine.add([(key, value)])


def _set_items(machine: Machine) -> None:
    items = machine.pop_mark()
    machine.add(list(zip(items[::2], items[1::2], strict=True)))


def _global(machine: Machine) -> None:
    machine.push(Global(machine.line(), machine.line()))


def _stack_global(machine: Machine) -> None:
    name, module = machine.stack.pop(), machine.stack.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise refuse(machine.at, "the pickle names a function by something that is no text")
    machine.push(Global(module, name))


def _reduce(machine: Machine) -> None:
    arguments, function = machine.stack.pop(), machine.stack.pop()
    machine.call(function, arguments)


def _reduce_keywords(machine: Machine) -> None:
    keywords, arguments, function = machine.stack.pop(), machine.stack.pop(), machine.stack.pop()
    machine.call(function, (arguments, keywords))


def _make_instance(machine: Machine) -> None:
    function, arguments = Global(machine.line(), machine.line()), tuple(machine.pop_mark())
    machine.call(function, arguments)


def _make_object(machine: Machine) -> None:
    function, *arguments = machine.pop_mark() or [None]
    machine.call(function, tuple(arguments))


def _build(machine: Machine) -> None:
    state, target = machine.stack.pop(), machine.stack[-1]
    if isinstance(target, Container):
        target.items.append((None, state))
    else:
        machine.beside.append(state)


def _persistent(machine: Machine) -> None:
    machine.push(read_storage(machine.stack.pop(), machine.at))


def _refused(machine: Machine) -> None:
    raise refuse(
        machine.at, "the pickle uses extension codes or buffers kept elsewhere, which torch never writes"
    )


def _memoize(machine: Machine) -> None:
    machine.memo[len(machine.memo)] = machine.stack[-1]


def _get_line(machine: Machine) -> None:
    machine.push(machine.memo[int(machine.line()[:_MAX_INT_DIGITS])])


def _put_line(machine: Machine) -> None:
    machine.memo[int(machine.line()[:_MAX_INT_DIGITS])] = machine.stack[-1]


def _duplicate(machine: Machine) -> None:
    machine.push(machine.stack[-1])


STEPS: Final[dict[int, Step]] = {
    **{code: _text_of(width) for code, width in _TEXT_LENGTHS.items()},
    **{code: _text_of(width, "latin-1") for code, width in _OLD_TEXT_LENGTHS.items()},
    **{code: _bytes_of(width) for code, width in _BYTES_LENGTHS.items()},
    0x80: _protocol, 0x95: _frame,
    # the stack
    ord("("): Machine.mark, ord("0"): _pop, ord("1"): _drop_marked, ord("2"): _duplicate,
    # constants and numbers
    ord("N"): _constant(None), 0x88: _constant(value=True), 0x89: _constant(value=False),
    ord("J"): _number_of(4, signed=True), ord("K"): _number_of(1), ord("M"): _number_of(2),
    0x8A: _long_of(1), 0x8B: _long_of(4), ord("I"): _read_int, ord("L"): _read_int,
    ord("F"): _skip_line, ord("G"): _skip_float, ord("S"): _skip_line, ord("V"): _read_text_line,
    # tuples, lists, dictionaries, sets
    ord(")"): _constant(()), ord("t"): _close_tuple,
    0x85: _tuple_of(1), 0x86: _tuple_of(2), 0x87: _tuple_of(3),
    ord("]"): _container(), ord("}"): _container(), 0x8F: _container(),
    ord("l"): _collect, 0x91: _collect, ord("d"): _collect_pairs,
    ord("a"): _append, ord("e"): _append_all, 0x90: _append_all, ord("s"): _set_item, ord("u"): _set_items,
    # functions, classes and calls
    ord("c"): _global, 0x93: _stack_global, ord("R"): _reduce, 0x81: _reduce, 0x92: _reduce_keywords,
    ord("i"): _make_instance, ord("o"): _make_object, ord("b"): _build,
    ord("Q"): _persistent, ord("P"): _skip_line,
    # the memo
    ord("h"): _get(1), ord("j"): _get(4), ord("g"): _get_line,
    ord("q"): _put(1), ord("r"): _put(4), ord("p"): _put_line, 0x94: _memoize,
    # extension codes and buffers outside of the pickle
    0x82: _refused, 0x83: _refused, 0x84: _refused, 0x97: _refused, 0x98: _refused,
}  # fmt: skip
