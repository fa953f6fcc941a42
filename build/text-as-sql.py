#!/usr/bin/env python3
"""text-as-sql.py SOURCES [OTHER_SOURCES ...]   prints the SQL functions of PostgreSQL whose code can reach its SQL parser.

Each SOURCES is an unpacked source tree of one PostgreSQL release (16, 17, 18, ...), contrib included. It prints one line
per function: how far it reaches, the extension that brings it (`-` for PostgreSQL itself), its name and arguments, the
releases that have it, and through which C functions it gets there. `runs` reaches SPI or a client connection, so SQL can
run; `parses` reaches the grammar alone.

    build/text-as-sql.py postgresql-16.15 postgresql-17.6 postgresql-18.6

The list that follows from it, with a verdict for each line, is
gateway-postgres/src/main/resources/org/openlockbox/postgres/sql/text-as-sql.txt; TextAsSqlTest holds that against each server.

How: the C functions of src/backend, src/pl and contrib are cut out of the files, and their direct calls read off their
bodies. From the functions that SQL can call (pg_proc.dat, and CREATE FUNCTION of the extensions) calls are followed to
the sinks below. Calls through pointers are not followed: they would lead through the executor to everything, and what
they run are functions of this list again. MACHINERY is not entered for the same reason.
"""
import pathlib
import re
import sys

# whoever calls one of these has a text run as SQL, here or on another server
RUNS = re.compile(
    r"SPI_(?:exec|execp|execute\w*|prepare\w*|cursor_open\w*|cursor_parse\w*)|execute_sql_string|exec_simple_query"
    r"|pg_parse_query|pg_analyze_and_rewrite\w*"
    r"|PQ(?:exec\w*|sendQuery\w*|sendPrepare|prepare)|libpqsrv_(?:exec\w*|get_result\w*)|walrcv_exec")
# whoever calls one of these has the grammar read a text
PARSES = re.compile(r"raw_parser|parseTypeString|typeStringToTypeName")
# the statements' own machinery: what an SQL statement does, not what a function does with a text
MACHINERY = re.compile(
    r"Exec[A-Z]\w*|Portal\w+|Process(?:Query|Utility\w*)|standard_\w+|transform\w+|planner|pg_plan_\w+"
    r"|FunctionCall\w+|OidFunctionCall\w+|DirectFunctionCall\w+|InputFunctionCall\w*|OidInputFunctionCall"
    r"|CallerFInfoFunctionCall\w+|eval_const_expressions\w*|coerce_\w+|stringTypeDatum|Get(?:Cached|New)\w+"
    r"|ri_\w+|RI_\w+|AfterTrigger\w+|refresh_\w+|CommitTransaction\w*|AbortTransaction\w*|ATExec\w+|ATRewrite\w+"
    r"|ereport|errmsg|elog|PG_\w+|proc_exit\w*")
CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
HEAD = re.compile(r"^([A-Za-z_]\w*)\(", re.M)
KEYWORDS = {"if", "for", "while", "switch", "return", "sizeof", "foreach"}


# as the catalogs write types
TYPES = {"bool": "boolean", "int4": "integer", "int8": "bigint", "int": "integer"}


def types(arguments):
    words = [w for w in re.split(r"[ ,]+", arguments) if w]
    return ", ".join(TYPES.get(w, w) if w[0] != "_" else TYPES.get(w[1:], w[1:]) + "[]" for w in words)


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)


def functions_of(path):
    """Each function of a C file with what it calls: its name begins a line, its braces stand at the line's beginning."""
    text = without_comments(path.read_text(errors="replace"))
    for head in HEAD.finditer(text):
        opened = text.find("\n{", head.end())
        between = text[head.end():opened] if opened >= 0 else ";"
        if opened < 0 or ";" in between or "\n}" in between:
            continue
        closed = text.find("\n}", opened)
        body = text[opened:closed]
        names = set(CALL.findall(body)) - KEYWORDS
        names |= set(re.findall(r"Direct(?:Input)?FunctionCall\w*\(\s*(\w+)", body))  # a call by its address
        yield head.group(1), names


class Sources:
    def __init__(self, base):
        self.base = pathlib.Path(base)
        self.release = re.search(r"PACKAGE_VERSION='([\d.]+)", (self.base / "configure").read_text()).group(1)
        self.by_name = {}
        for part in ("src/backend", "src/pl", "contrib"):
            for path in sorted((self.base / part).rglob("*.c")):
                group = path.relative_to(self.base).parts[1] if part == "contrib" else part
                for name, calls in functions_of(path):
                    self.by_name.setdefault(name, []).append((group, path, calls))
        self.all_ways = [("runs", self.ways(RUNS)), ("parses", self.ways(PARSES))]

    def defined(self, name, group, path):
        """What a call of this name means in that file: its own function, its extension's, or the backend's."""
        all_of = self.by_name.get(name, [])
        for fits in (lambda f: f[1] == path, lambda f: f[0] == group, lambda f: f[0] == "src/backend"):
            found = [f for f in all_of if fits(f)]
            if found:
                return found
        return []

    def ways(self, sinks):
        """Of each C function (name, file) that reaches a sink: the shortest way there."""
        callers = {}
        ways = {}
        for name, all_of in self.by_name.items():
            for group, path, calls in all_of:
                for call in sorted(calls):
                    if sinks.fullmatch(call):
                        ways.setdefault((name, path), (name, call))
                    elif not MACHINERY.fullmatch(call):
                        for _, at, _ in self.defined(call, group, path):
                            callers.setdefault((call, at), []).append((name, path))
        open_ = list(ways)
        while open_:
            reached = open_.pop(0)
            for caller in callers.get(reached, []):
                if caller not in ways and not MACHINERY.fullmatch(reached[0]):
                    ways[caller] = (caller[0],) + ways[reached]
                    open_.append(caller)
        return ways

    def reach(self, symbol, group):
        """('runs' | 'parses', names of the C functions on the way), or None."""
        for word, ways in self.all_ways:
            for _, path, _ in self.defined(symbol, group, None):
                if (symbol, path) in ways:
                    return word, ways[symbol, path]
        return None

    def sql_functions(self):
        """(extension, name, arguments, C symbol) of everything that SQL can call."""
        for entry in re.findall(r"\{ oid => .*?\},\n", (self.base / "src/include/catalog/pg_proc.dat").read_text(), re.S):
            fields = dict(re.findall(r"(\w+) => '((?:\\'|[^'])*)'", entry))
            if fields.get("prolang", "internal") in ("internal", "c"):
                yield "-", fields["proname"], types(fields.get("proargtypes", "")), fields["prosrc"]
        made = re.compile(
            r"CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(?:pg_catalog\.)?(\w+)\s*\((.*?)\)\s*(?:RETURNS.*?)?"
            r"AS\s+'(?:MODULE_PATHNAME|\$libdir/[^']*)'\s*(?:,\s*'(\w+)')?", re.S | re.I)
        for path in sorted([*self.base.glob("contrib/*/*.sql"), *self.base.glob("src/pl/**/*--*.sql")]):
            group = path.relative_to(self.base).parts[1] if "contrib" in path.parts else "src/pl"
            text = re.sub(r"--[^\n]*", "", path.read_text(errors="replace"))
            for statement in text.split(";"):
                for name, arguments, symbol in made.findall(statement):
                    extension = path.name.split("--")[0]
                    yield extension, name, types(arguments), symbol or name, group

    def found(self):
        for extension, name, arguments, symbol, *group in self.sql_functions():
            reached = self.reach(symbol, *(group or ["src/backend"]))
            if reached:
                yield (reached[0], extension, name, arguments), " > ".join(reached[1])


def main():
    lines = {}
    for base in sys.argv[1:]:
        sources = Sources(base)
        for key, way in sources.found():
            releases, _ = lines.setdefault(key, ([], way))
            if sources.release not in releases:
                releases.append(sources.release)
    for (reach, extension, name, arguments), (releases, way) in sorted(lines.items(), reverse=True):
        print(f"{reach:6} {extension:10} {name}({arguments})  [{' '.join(releases)}]  {way}")


if __name__ == "__main__":
    main()
