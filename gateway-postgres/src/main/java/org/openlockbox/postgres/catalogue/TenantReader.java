package org.openlockbox.postgres.catalogue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openlockbox.gateway.yaml.YamlMap;

/// Reads `tenant:` of a table: a column, one parent or several, or what a column has in it. Nothing
/// else is SQL there, so a catalogue can bring no condition of its own into a plan.
final class TenantReader {
  private static final String NAME = "(?:[a-z_][a-z0-9_]*|\"(?:[^\"]|\"\")++\")";
  private static final String NAMES = NAME + "(?:\\s*,\\s*" + NAME + ")*";
  private static final String VALUE = "'(?:[^']|'')*+'";
  private static final Pattern ONE_NAME = Pattern.compile(NAME);

  /// A discriminator and its value, then columns, keys and the parent.
  private static final Pattern PARENT =
      Pattern.compile(
          ("(?:(%1$s)\\s*=\\s*(%3$s)\\s+and\\s+)?"
                  + "(%1$s|\\(\\s*%2$s\\s*\\)) in \\(\\s*select (%2$s) from (%1$s(?:\\.%1$s)?)\\s*\\)")
              .formatted(NAME, NAMES, VALUE));

  /// The same with others beside it.
  private static final Pattern PARENTS =
      Pattern.compile("%1$s(?:\\s+or\\s+%1$s)*".formatted(PARENT));

  private static final Pattern BETWEEN =
      Pattern.compile(
          "split_part\\(\\s*(%s)\\s*,\\s*(%s)\\s*,\\s*([1-9][0-9]?)\\s*\\)".formatted(NAME, VALUE));
  private static final Pattern FIRST =
      Pattern.compile("left\\(\\s*(%s)\\s*,\\s*([1-9][0-9]{0,2})\\s*\\)".formatted(NAME));
  private static final Pattern MEMBER =
      Pattern.compile("(%s)\\s*->>\\s*(%s)".formatted(NAME, VALUE));

  private final YamlMap table;
  private final String schema;

  private TenantReader(YamlMap table, String schema) {
    this.table = table;
    this.schema = schema;
  }

  static RowScope read(YamlMap table, String schema, String tenant) {
    return new TenantReader(table, schema).scope(tenant);
  }

  private RowScope scope(String tenant) {
    if (PARENTS.matcher(tenant).matches()) {
      var alternatives = PARENT.matcher(tenant).results().map(this::alternative).toList();
      return alternatives.size() == 1
          ? alternatives.getFirst()
          : new RowScope.ByParents(alternatives);
    }
    var expression = expression(tenant);
    if (expression.isPresent()) {
      return expression.get();
    }
    if (tenant.endsWith(")") || tenant.contains("'")) {
      throw table.problem(
          "tenant",
          "must be a column, 'column in (select key from parent)', with several columns"
              + " '(a, b) in (select x, y from parent)', \"type = 'T' and column in (…)\", or one of"
              + " \"split_part(column, '/', 1)\", 'left(column, 4)' and \"column ->> 'key'\"; names"
              + " as PostgreSQL writes them");
    }
    return new RowScope.ByColumn(Identifiers.of(table, "tenant", tenant));
  }

  private Optional<RowScope> expression(String tenant) {
    Matcher between = BETWEEN.matcher(tenant);
    if (between.matches()) {
      String separator = text(between.group(2));
      if (separator.isEmpty()) {
        throw table.problem("tenant", "split_part needs a separator");
      }
      return part(
          between.group(1),
          new RowScope.TenantPart.Between(separator, Integer.parseInt(between.group(3))));
    }
    Matcher first = FIRST.matcher(tenant);
    if (first.matches()) {
      return part(first.group(1), new RowScope.TenantPart.First(Integer.parseInt(first.group(2))));
    }
    Matcher member = MEMBER.matcher(tenant);
    return member.matches()
        ? part(member.group(1), new RowScope.TenantPart.JsonMember(text(member.group(2))))
        : Optional.empty();
  }

  private Optional<RowScope> part(String column, RowScope.TenantPart part) {
    return Optional.of(new RowScope.ByExpression(Identifiers.of(table, "tenant", column), part));
  }

  private RowScope.ByParent alternative(MatchResult match) {
    List<String> columns = names(match.group(3));
    List<String> keys = names(match.group(4));
    if (Set.copyOf(columns).size() < keys.size() || Set.copyOf(keys).size() < columns.size()) {
      throw table.problem("tenant", "needs one key of the parent for each column, each once");
    }
    var links = new ArrayList<RowScope.ByParent.KeyLink>();
    for (int i = 0; i < columns.size(); i++) {
      links.add(new RowScope.ByParent.KeyLink(columns.get(i), keys.get(i)));
    }
    return new RowScope.ByParent(links, parent(match.group(5)), discriminator(match));
  }

  private Optional<RowScope.ByParent.Discriminator> discriminator(MatchResult match) {
    return Optional.ofNullable(match.group(1))
        .map(
            column ->
                new RowScope.ByParent.Discriminator(
                    Identifiers.of(table, "tenant", column), text(match.group(2))));
  }

  /// What a constant of SQL says.
  private String text(String constant) {
    String value = constant.substring(1, constant.length() - 1).replace("''", "'");
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw table.problem("tenant", "a value has control characters");
    }
    return value;
  }

  private List<String> names(String list) {
    return ONE_NAME
        .matcher(list)
        .results()
        .map(one -> Identifiers.of(table, "tenant", one.group()))
        .toList();
  }

  private TableName parent(String text) {
    try {
      return TableName.parse(text, schema);
    } catch (IllegalArgumentException e) {
      throw table.problem("tenant", "'" + text + "' " + e.getMessage());
    }
  }
}
