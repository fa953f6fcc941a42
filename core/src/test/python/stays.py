# stays.py SCRIPT: runs the script for each line of standard input, whose words are separated by tabs, and answers with a line: the exit code,
# and the two outputs in base64. The script finds what it would find in a process of its own.
import base64, contextlib, io, sys

script = sys.argv[1]
with open(script, "rb") as file:
    code = compile(file.read(), script, "exec")
answers = sys.stdout
for line in sys.stdin:
    sys.argv = [script, *line.rstrip("\n").split("\t")]
    out, err, exit = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            exec(code, {"__name__": "__main__", "__file__": script})
        except SystemExit as e:
            exit = e.code or 0
    texts = [base64.b64encode(text.getvalue().encode()).decode() for text in (out, err)]
    print(exit, *texts, sep="\t", file=answers, flush=True)
