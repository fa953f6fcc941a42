package org.openlockbox.postgres.statement;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.postgres.schema.CatalogNames;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a text as one that asks `lb_catalog` where it names what [CatalogNames] lists:
/// `pg_catalog.pg_class`, or `pg_class` alone, unless that is the name of a common table
/// expression. Nothing else of the text changes, and whoever sends it may write those names
/// himself: this grants nothing. It is for tools, which name the catalogs in full.
///
/// The grammar says which names there are and where they stand, however they are written
/// ([WrittenName]), and reads the new text once more: unless its tree is the first one with these
/// names in it, there is no such text, and the statement is an oddity.
final class CatalogRewriter {
  private static final byte[] SCHEMA = bytes(CatalogNames.SCHEMA);
  private static final byte[] WHOLE = bytes(CatalogNames.SCHEMA + ".");
  private static final byte[] FIRST_LETTERS = bytes("lb");
  private static final String UNUSUAL =
      "a system catalog, of which the name is not written plainly";
  private static final String SHADOWED = "a common table expression with a system catalog's name";

  private final CatalogNames names;

  /// Where a name stands in the text, and whether its schema is written out.
  private record NamePosition(int at, boolean qualified) {}

  CatalogRewriter(CatalogNames names) {
    this.names = names;
  }

  /// What has been understood of a text, with what is sent in its place.
  ///
  /// @param tree of the text; the names in it are changed
  ParsedStatement of(Bytes sql, List<SqlStatement> statements, JsonNode tree, Grammar grammar) {
    List<NamePosition> places = mayName(sql) ? places(tree) : List.of();
    List<SqlStatement> said = isShadowed(statements) ? odd(statements, SHADOWED) : statements;
    if (places.isEmpty()) {
      return new ParsedStatement.Understood(said, Optional.empty());
    }
    Optional<Bytes> other = changed(sql, places);
    var asItCame = new ParsedStatement.Understood(odd(statements, UNUSUAL), Optional.empty());
    if (other.isEmpty()) {
      return asItCame;
    }
    return switch (grammar.read(other.get())) {
      case Grammar.ParseResult.ParseTrees(Bytes json) ->
          isSame(tree, SyntaxTree.tree(json))
              ? new ParsedStatement.Understood(said, other)
              : asItCame;
      case Grammar.ParseResult.SyntaxError _ -> asItCame;
      case Grammar.ParseResult.NotParsed(String why) -> new ParsedStatement.NotUnderstood(why);
    };
  }

  private static List<SqlStatement> odd(List<SqlStatement> statements, String oddity) {
    return statements.stream().map(statement -> statement.with(oddity)).toList();
  }

  /// Where a common table expression has the name of a catalog, the name alone is the one or the
  /// other, and which of them hangs on the place.
  private boolean isShadowed(List<SqlStatement> statements) {
    return statements.stream()
        .flatMap(statement -> statement.commonTables().stream())
        .anyMatch(names.relations()::contains);
  }

  /// Most texts name no catalog, and need not be looked through.
  private static boolean mayName(Bytes sql) {
    String lower = new String(sql.toArray(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    return lower.contains("pg_")
        || lower.contains("_description")
        || lower.contains("u&\"")
        || lower.contains("txid_")
        || lower.contains("age");
  }

  /// The places of all listed names, which are changed in the tree.
  private List<NamePosition> places(JsonNode tree) {
    List<NamePosition> places = new ArrayList<>();
    Set<String> commonTables = new HashSet<>();
    walk(tree, object -> commonTables.add(object.path("ctename").asString("")));
    walk(
        tree,
        object -> {
          relation(object, commonTables).ifPresent(places::add);
          listed(object.path("FuncCall"), "funcname", names.functions()).ifPresent(places::add);
          column(object.path("ColumnRef")).ifPresent(places::add);
        });
    return places;
  }

  private interface NameLookup {
    void at(ObjectNode object);
  }

  private static void walk(JsonNode tree, NameLookup look) {
    Deque<JsonNode> open = new ArrayDeque<>(List.of(tree));
    while (!open.isEmpty()) {
      JsonNode next = open.pop();
      if (next instanceof ObjectNode object) {
        look.at(object);
      }
      next.forEach(open::push);
    }
  }

  /// A relation, as the grammar writes it.
  private Optional<NamePosition> relation(ObjectNode object, Set<String> commonTables) {
    String schema = object.path("schemaname").asString("");
    String name = object.path("relname").asString("");
    boolean named = schema.equals(CatalogNames.CATALOG);
    boolean found = schema.isEmpty() && !commonTables.contains(name);
    if (!names.relations().contains(name) || object.has("catalogname") || !(named || found)) {
      return Optional.empty();
    }
    object.put("schemaname", CatalogNames.SCHEMA);
    return Optional.of(new NamePosition(location(object), named));
  }

  /// A column with its relation and the schema of that; alone it may be any column.
  private Optional<NamePosition> column(JsonNode reference) {
    return reference.path("fields").size() > 2
        ? listed(reference, "fields", names.relations())
        : Optional.empty();
  }

  /// A name as a list of its parts, of which the schema is the first if it is written out: of a
  /// function, or of a column together with its relation.
  private static Optional<NamePosition> listed(JsonNode object, String member, Set<String> listed) {
    if (!(object.path(member) instanceof ArrayNode parts) || parts.isEmpty()) {
      return Optional.empty();
    }
    boolean qualified = parts.size() > 1 && part(parts, 0).equals(CatalogNames.CATALOG);
    boolean alone = parts.size() == 1;
    if (!(qualified || alone) || !listed.contains(part(parts, qualified ? 1 : 0))) {
      return Optional.empty();
    }
    if (qualified) {
      parts.remove(0);
    }
    parts.insertObject(0).putObject("String").put("sval", CatalogNames.SCHEMA);
    return Optional.of(new NamePosition(location(object), qualified));
  }

  private static String part(ArrayNode parts, int index) {
    return parts.path(index).path("String").path("sval").asString("");
  }

  private static int location(JsonNode object) {
    return object.path("location").asInt(0);
  }

  /// The text with each name changed where it stands; empty if one does not stand there.
  private static Optional<Bytes> changed(Bytes sql, List<NamePosition> places) {
    byte[] text = sql.toArray();
    Map<Integer, NamePosition> inOrder =
        places.stream()
            .collect(Collectors.toMap(NamePosition::at, place -> place, (a, b) -> a, TreeMap::new));
    var out = new ByteArrayOutputStream();
    int done = 0;
    for (NamePosition place : inOrder.values()) {
      int at = place.at();
      if (at < done || at >= text.length) {
        return Optional.empty();
      }
      out.write(text, done, at - done);
      done = at;
      if (place.qualified()) {
        Optional<WrittenName> schema = WrittenName.at(text, at);
        if (schema.isEmpty()) {
          return Optional.empty();
        }
        done = schema.get().replace(CatalogNames.CATALOG, FIRST_LETTERS, SCHEMA, text, out);
      } else {
        out.writeBytes(WHOLE);
      }
    }
    out.write(text, done, text.length - done);
    return Optional.of(Bytes.of(out.toByteArray()));
  }

  private record Pair(JsonNode one, JsonNode other) {}

  /// Whether two trees differ in nothing but where things stand. Keeps its own stack, because a
  /// tree may be very deep.
  private static boolean isSame(JsonNode one, JsonNode other) {
    Deque<Pair> open = new ArrayDeque<>(List.of(new Pair(one, other)));
    while (!open.isEmpty()) {
      Pair next = open.pop();
      if (!sameHere(next.one(), next.other(), open)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameHere(JsonNode one, JsonNode other, Deque<Pair> open) {
    if (one.isObject() && other.isObject()) {
      Set<String> members = new TreeSet<>(one.propertyNames());
      members.addAll(other.propertyNames());
      for (String member : members) {
        JsonNode its = one.path(member);
        JsonNode others = other.path(member);
        if (!(isPosition(member, its) && isPosition(member, others))) {
          open.push(new Pair(its, others));
        }
      }
      return true;
    }
    if (one.isArray() && other.isArray()) {
      for (int i = 0; i < one.size(); i++) {
        open.push(new Pair(one.path(i), other.path(i)));
      }
      return one.size() == other.size();
    }
    return one.equals(other);
  }

  /// libpg_query leaves out a position of zero.
  private static boolean isPosition(String member, JsonNode value) {
    return (member.endsWith("location") || member.equals("stmt_len"))
        && (value.isNumber() || value.isMissingNode());
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}
