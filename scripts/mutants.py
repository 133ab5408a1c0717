"""Mutants of C sources, as schemata: one text that holds them all.

From clang's syntax tree: every operator, constant, condition and statement of the
functions in some headers gets its mutants, each behind a switch `MUTANT(number)` that
is read at run time. Nothing inside a macro is touched, nor what must be constant, nor what
only asks for memory ahead: it changes nothing but time.

Origin: mutant schemata (Untch, Offutt, Harrold, ISSTA 1993); the operators are those
that Offutt et al. found sufficient (TOSEM 5(2), 1996): relations, logical connectors,
arithmetic, negation, constants; and statement deletion.
"""
import json
import subprocess

RELATIONS = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"),
             "==": ("!=",), "!=": ("==",)}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "&": "|", "|": "&", "^": "|",
              "<<": ">>", ">>": "<<"}
MACROS = {"HT_KEEP": "HT_RELEASE", "HT_RELEASE": "HT_KEEP", "HT_CLONE": "HT_KEEP",
          "true": "false", "false": "true"}
AHEAD = ("__builtin_prefetch", "core_ask", "core_ask_entry", "ask", "ask_entry",
         "ask_entries", "prefetch_slots", "prefetch_if", "store_ask", "store_ask_entry")
WHOLE_EXPRESSIONS = ("CallExpr", "CompoundAssignOperator", "BinaryOperator", "UnaryOperator", "CStyleCastExpr")


class Mutator:
    """Collects mutants over several sources; `mutants` is a list of dicts."""

    def __init__(self, root):
        self.root = root
        self.mutants = []
        self.texts = {}
        self.edits = {}   # file -> [(begin, end, text)]
        self.done = set() # functions already mutated: (file, offset)

    # ---- reading the tree ------------------------------------------------------

    def parse(self, unit, flags, wanted):
        """Mutates the functions of one unit that lie in the files `wanted`."""
        said = subprocess.run(["clang-19", "-Xclang", "-ast-dump=json", "-fsyntax-only", "-w"] + flags + [unit],
                              stdout=subprocess.PIPE, check=True).stdout
        tree = json.loads(said)
        self.file = None # clang leaves out a file that is the last one again
        self.place(tree)
        for node in tree["inner"]:
            self.function(node, wanted)

    def position(self, where):
        """(file, offset, length, in a macro); keeps track of the file."""
        if "spellingLoc" in where:
            self.position(where["spellingLoc"])
            return self.position(where["expansionLoc"])[:3] + (True,)
        self.file = where.get("file", self.file)
        return (self.file, where.get("offset"), where.get("tokLen", 0), False)

    def place(self, node):
        """Sets begin, end, source and opaque (wholly from one macro) of a node and all below."""
        for key in ("loc", "range", "inner"):
            if key == "loc" and "loc" in node:
                self.position(node["loc"])
            elif key == "range" and "range" in node:
                begin, end = (self.position(node["range"][side]) for side in ("begin", "end"))
                self.set_range(node, begin, end)
            elif key == "inner":
                for child in node.get("inner", []):
                    self.place(child)

    def set_range(self, node, begin, end):
        if begin[1] is None or end[1] is None or begin[0] != end[0]:
            return
        last = end[1] + end[2]
        if end[3]:
            last = self.past_arguments(end[0], last)
        node["source"], node["begin"], node["end"] = begin[0], begin[1], last
        node["opaque"] = begin[3] and end[3] and begin[1] == end[1]

    def past_arguments(self, path, at):
        """Behind the arguments of a macro whose name ends at `at`, if it takes any."""
        text = self.text(path)
        if not text[at:at + 1] == "(":
            return at
        depth = 0
        for i in range(at, len(text)):
            depth += {"(": 1, ")": -1}.get(text[i], 0)
            if depth == 0:
                return i + 1
        return at

    def text(self, path):
        if path not in self.texts:
            with open(path, encoding="latin-1") as file: # offsets are bytes
                self.texts[path] = file.read()
        return self.texts[path]

    # ---- writing ---------------------------------------------------------------

    def function(self, node, wanted):
        body = [child for child in node.get("inner", []) if child.get("kind") == "CompoundStmt"]
        if node.get("kind") != "FunctionDecl" or not body or body[0].get("source") not in wanted:
            return
        if node["name"] in AHEAD:
            return
        body = body[0]
        key = (body["source"], body["begin"])
        if key in self.done:
            return
        self.done.add(key)
        self.name = node["name"]
        self.chooses = False
        self.last = body["inner"][-1] if body.get("inner") else None
        self.edits.setdefault(body["source"], []).append((body["begin"], body["end"], self.render(body, None)))

    def mutated(self, path):
        """The file with the mutants in it."""
        text, at, pieces = self.text(path), 0, []
        for begin, end, new in sorted(self.edits.get(path, [])):
            pieces += [text[at:begin], new]
            at = end
        return "".join(pieces) + text[at:]

    def mutant(self, node, kind, before, after):
        """Registers a mutant; returns its switch."""
        text = self.text(node["source"])
        line = text.count("\n", 0, node["begin"])
        self.mutants.append({"file": node["source"], "line": line + 1, "function": self.name,
                             "text": text.split("\n")[line].strip(), "kind": kind,
                             "before": " ".join(before.split()), "after": " ".join(after.split())})
        return "MUTANT(%d)" % len(self.mutants)

    def original(self, node):
        return self.text(node["source"])[node["begin"]:node["end"]]

    def children(self, node):
        """Those that have a text of their own, in the order of the text."""
        inside = [child for child in node.get("inner", [])
                  if child.get("source") == node["source"] and "begin" in child
                  and node["begin"] <= child["begin"] and child["end"] <= node["end"]]
        return sorted(inside, key=lambda child: child["begin"])

    def pieces(self, node, render):
        text, at, out = self.text(node["source"]), node["begin"], []
        for child in self.children(node):
            if child["begin"] < at:
                continue
            new, end = render(child)
            out += [text[at:child["begin"]], new]
            at = max(at, end)
        return "".join(out) + text[at:node["end"]]

    def render(self, node, parent):
        """The text of a node with the mutants of all that is in it."""
        kind = node.get("kind")
        if node.get("opaque"):
            return self.macro(node, parent)
        if kind in ("UnaryExprOrTypeTraitExpr", "StaticAssertDecl", "ConstantExpr"):
            return self.original(node)
        if kind == "VarDecl" and node.get("storageClass") == "static":
            return self.original(node)
        if kind == "BinaryOperator":
            return self.binary(node)
        if kind == "CompoundAssignOperator":
            return self.compound_assign(node)
        if kind == "UnaryOperator":
            return self.unary(node)
        if kind == "IntegerLiteral":
            return self.constant(node)
        if kind == "DeclRefExpr" and node.get("referencedDecl", {}).get("kind") == "EnumConstantDecl":
            return self.enumerator(node)
        return self.pieces(node, lambda child: self.part(child, node))

    def is_choice(self, child, parent):
        """The condition of `a < b ? a : b`: where both are equal, either will do."""
        if parent.get("kind") != "ConditionalOperator" or child is not parent["inner"][0]:
            return False
        condition = self.bare(child)
        return condition.get("kind") == "BinaryOperator" and {
            self.original(self.bare(side)) for side in condition["inner"]} == {
                self.original(self.bare(side)) for side in parent["inner"][1:]}

    def part(self, child, parent):
        """(text, end) of a child, as its parent has it."""
        kind = parent.get("kind")
        if kind == "CallExpr" and self.original(parent).startswith("__builtin_expect") and (
                child is not parent["inner"][1]):
            return self.original(child), child["end"] # what is expected changes nothing
        self.chooses = self.is_choice(child, parent)
        statement = self.is_statement(child, parent)
        if statement and child["kind"] in ("BreakStmt", "ContinueStmt", "ReturnStmt") + WHOLE_EXPRESSIONS:
            return self.statement(child)
        new = self.render(child, parent)
        if kind in ("IfStmt", "WhileStmt", "ForStmt", "ConditionalOperator") and self.is_condition(child, parent):
            new = self.condition(child, new)
        elif kind == "InitListExpr":
            new = self.initialiser(child, new)
        elif kind == "ReturnStmt":
            new = self.returned(child, new)
        return new, child["end"]

    # ---- statements --------------------------------------------------------------

    @staticmethod
    def is_statement(child, parent):
        kind, inner = parent.get("kind"), parent.get("inner", [])
        if kind == "CompoundStmt":
            return True
        if kind == "IfStmt":
            return child is not inner[0]
        if kind in ("WhileStmt", "ForStmt"):
            return child is inner[-1]
        return kind in ("CaseStmt", "DefaultStmt") and child is inner[-1]

    def statement(self, node):
        """Wholly, with its semicolon: may be deleted."""
        text = self.text(node["source"])
        end = node["end"]
        if node["kind"] == "CallExpr" and self.original(node).split("(")[0] in AHEAD:
            return self.original(node), end
        while text[end] in " \t\n":
            end += 1
        assert text[end] == ";", text[node["begin"]:end + 1]
        new = self.render(node, None)
        if node["kind"] == "ReturnStmt" and self.is_last(node) or self.original(node).startswith("(void)"):
            return new + ";", end + 1
        switch = self.mutant(node, "delete", self.original(node) + ";", "")
        return "{ if (!%s) { %s; } }" % (switch, new), end + 1

    def is_last(self, node):
        """Behind it the function ends without an answer."""
        last = self.last
        while last and last is not node and last.get("inner"):
            last = last["inner"][-1]
        return last is node

    # ---- expressions ---------------------------------------------------------------

    def operands(self, node):
        left, right = node["inner"]
        return self.render(left, node), self.render(right, node)

    def binary(self, node):
        operator, chooses, self.chooses = node["opcode"], self.chooses, False
        if operator in ("=", ","):
            return self.pieces(node, lambda child: (self.render(child, node), child["end"]))
        left, right = self.operands(node)
        if operator in ("&&", "||"):
            return self.logical(node, operator, left, right)
        others = RELATIONS.get(operator) or (ARITHMETIC[operator],)
        if chooses:
            others = tuple(other for other in others if other.rstrip("=") != operator.rstrip("="))
        pointer = any("*" in child["type"]["qualType"] for child in node["inner"])
        if operator in ARITHMETIC and pointer and operator != "+":
            others = ()
        number = len(self.mutants)
        choice = "a%d %s b%d" % (number, operator, number)
        for other in others:
            switch = self.mutant(node, "operator", self.original(node), "%s instead of %s" % (other, operator))
            choice = "%s ? a%d %s b%d : %s" % (switch, number, other, number, choice)
        return "({ __auto_type a%d = (%s); __auto_type b%d = (%s); %s; })" % (number, left, number, right, choice)

    def logical(self, node, operator, left, right):
        swap, only_left, only_right = (
            self.mutant(node, "operator", self.original(node), after)
            for after in ("%s instead of %s" % ("||" if operator == "&&" else "&&", operator),
                          "without its right side", "without its left side"))
        number = len(self.mutants)
        both = 1 if operator == "&&" else 0
        return ("({ _Bool a%d = %s ? %d : (_Bool)(%s); (%s ? %s : %s) ? (%s ? %d : (_Bool)(%s)) : (_Bool)%s%s; })" % (
            number, only_right, both, left, swap, ("!" if both else "") + "a%d" % number,
            ("" if both else "!") + "a%d" % number, only_left, both, right, "" if both else "!", swap))

    def compound_assign(self, node):
        operator = node["opcode"]
        left, right = self.operands(node)
        other = ARITHMETIC[operator[:-1]] + "="
        switch = self.mutant(node, "operator", self.original(node), "%s instead of %s" % (other, operator))
        return "(%s ? (%s %s %s) : (%s %s %s))" % (switch, left, other, right, left, operator, right)

    def unary(self, node):
        operator = node["opcode"]
        if operator not in ("!", "~", "-", "++", "--"):
            return self.pieces(node, lambda child: (self.render(child, node), child["end"]))
        inner = self.render(node["inner"][0], node)
        if operator in ("!", "~", "-"):
            number = len(self.mutants)
            switch = self.mutant(node, "operator", self.original(node), "without " + operator)
            same = "(_Bool)a%d" % number if operator == "!" else "a%d" % number
            return "({ __auto_type a%d = (%s); %s ? %s : %sa%d; })" % (number, inner, switch, same, operator, number)
        other = "--" if operator == "++" else "++"
        switch = self.mutant(node, "operator", self.original(node), "%s instead of %s" % (other, operator))
        if node.get("isPostfix"):
            return "(%s ? %s%s : %s%s)" % (switch, inner, other, inner, operator)
        return "(%s ? %s%s : %s%s)" % (switch, other, inner, operator, inner)

    def constant(self, node):
        text = self.original(node)
        more = self.mutant(node, "constant", text, "1 more")
        if int(node["value"]) == 0:
            return "(%s ? %s + 1 : %s)" % (more, text, text)
        less = self.mutant(node, "constant", text, "1 less")
        return "(%s ? %s + 1 : %s ? %s - 1 : %s)" % (more, text, less, text, text)

    def enumerator(self, node):
        text = self.original(node)
        switch = self.mutant(node, "constant", text, "1 more")
        return "(%s ? %s + 1 : %s)" % (switch, text, text)

    def macro(self, node, parent):
        text = self.original(node)
        if text not in MACROS or node["kind"] in ("CompoundStmt", "DeclStmt"):
            return text
        if parent is not None and parent.get("opaque"):
            return text
        switch = self.mutant(node, "constant", text, MACROS[text])
        return "(%s ? %s : %s)" % (switch, MACROS[text], text)

    # ---- where an expression stands --------------------------------------------------

    @staticmethod
    def is_condition(child, parent):
        inner = parent["inner"]
        return child is inner[2 if parent["kind"] == "ForStmt" else 0]

    @staticmethod
    def bare(node):
        """The node without parentheses and implicit casts."""
        while node.get("kind") in ("ParenExpr", "ImplicitCastExpr"):
            node = node["inner"][0]
        return node

    def is_plain(self, node):
        """No operator of its own that has mutants."""
        bare = self.bare(node)
        return not bare.get("opaque") and bare.get("kind") in (
            "CallExpr", "DeclRefExpr", "MemberExpr", "ArraySubscriptExpr") and not (
                bare.get("referencedDecl", {}).get("kind") == "EnumConstantDecl")

    def condition(self, node, new):
        if not self.is_plain(node):
            return new
        number = len(self.mutants)
        switch = self.mutant(node, "condition", self.original(node), "negated")
        return "({ _Bool a%d = (_Bool)(%s); %s ? !a%d : a%d; })" % (number, new, switch, number, number)

    def initialiser(self, node, new):
        scalar = "struct" not in node.get("type", {}).get("qualType", "struct")
        if not scalar or not self.is_plain(node):
            return new
        switch = self.mutant(node, "constant", self.original(node), "0")
        return "(%s ? 0 : (%s))" % (switch, new)

    def returned(self, node, new):
        kind = node.get("type", {}).get("qualType", "")
        if not self.is_plain(node) or "struct" in kind or "*" in kind:
            return new
        number = len(self.mutants)
        other = "!a%d" if kind in ("bool", "_Bool") else "a%d + 1"
        switch = self.mutant(node, "return", self.original(node), "negated" if other[0] == "!" else "1 more")
        return "({ __auto_type a%d = (%s); %s ? %s : a%d; })" % (number, new, switch, other % number, number)
