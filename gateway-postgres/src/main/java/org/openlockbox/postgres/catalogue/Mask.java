package org.openlockbox.postgres.catalogue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// How a column looks at the `masked` level. The mask is computed inside the view, by the database:
/// the session role has no right on the column behind it. A mask that does not know a type refuses
/// it.
public sealed interface Mask {
  /// A mask without a parameter.
  enum SimpleMask implements Mask {
    /// `ada@example.com` becomes `a***@***`: the first letter is all that stays.
    EMAIL,
    /// `+44 20 7946 0958` becomes `***0958`; values shorter than eight characters are hidden whole.
    LAST4,
    /// A fixed word for text, null for every other type.
    REDACT,
    /// Always null.
    NULL,
    /// A pseudonym that is the same for equal values within one session and different in every
    /// other. Not for types with few values, where counting would tell them.
    HASH
  }

  /// The start of the period in which a moment lies, in UTC.
  record Truncate(Unit unit) implements Mask {}

  /// The lower end of a number's range of this width.
  record Bucket(long width) implements Mask {
    public Bucket {
      if (width < 2) {
        throw new IllegalArgumentException("a bucket of " + width + " hides nothing");
      }
    }
  }

  /// A JSON document with nothing but what stands at these paths; each is a list of keys.
  record Keep(List<List<String>> paths) implements Mask {
    public Keep {
      paths = paths.stream().map(List::copyOf).toList();
    }
  }

  /// A period.
  enum Unit {
    YEAR,
    QUARTER,
    MONTH,
    WEEK,
    DAY,
    HOUR;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The mask as the catalogue writes it.
  default String word() {
    return switch (this) {
      case SimpleMask plain -> plain.name().toLowerCase(Locale.ROOT);
      case Truncate(Unit unit) -> "truncate to " + unit.word();
      case Bucket(long width) -> "bucket of " + width;
      case Keep(var paths) ->
          paths.stream()
              .map(path -> String.join(".", path))
              .collect(Collectors.joining(", ", "keep ", ""));
    };
  }

  /// The types that this mask knows, in words for whoever chose another.
  default String needs() {
    return switch (this) {
      case SimpleMask plain ->
          switch (plain) {
            case EMAIL, LAST4 -> "text";
            case HASH -> "a single value of many (no boolean, enum, array, JSON)";
            case REDACT, NULL -> "anything";
          };
      case Truncate ignored -> "a date or timestamp; hours and days, a timestamp";
      case Bucket ignored -> "a number";
      case Keep ignored -> "json or jsonb";
    };
  }

  default boolean fits(ColumnType type) {
    return switch (this) {
      case SimpleMask plain ->
          switch (plain) {
            case EMAIL, LAST4 -> type.isText();
            case HASH -> type.hasManyValues();
            case REDACT, NULL -> true;
          };
      case Truncate(Unit unit) ->
          type.isTimestamp() || (type.isDate() && unit != Unit.DAY && unit != Unit.HOUR);
      case Bucket ignored -> type.isNumber();
      case Keep ignored -> type.isJson();
    };
  }

  /// The expression that stands in the view.
  default String sql(SchemaColumn column) {
    String name = SqlQuoting.name(column.name());
    String text = name + "::text";
    ColumnType type = column.type();
    return switch (this) {
      case SimpleMask plain ->
          switch (plain) {
            case EMAIL ->
                "case when %s is not null then left(%s, 1) || '***@***' end".formatted(name, text);
            case LAST4 ->
                "case when length(%s) >= 8 then '***' || right(%s, 4) when %s is not null then '****' end"
                    .formatted(text, text, name);
            case REDACT ->
                type.isText()
                    ? "case when %s is not null then '[redacted]' end".formatted(name)
                    : "null::" + type.cast();
            case NULL -> "null::" + type.cast();
            case HASH -> "lb.pseudonym(" + text + ")";
          };
      case Truncate(Unit unit) -> truncated(unit, name, type);
      case Bucket(long width) -> "floor(%s::numeric / %d) * %d".formatted(name, width, width);
      case Keep(var paths) ->
          "lb.keep(%s::jsonb, array[%s])"
              .formatted(
                  name,
                  paths.stream()
                      .map(path -> SqlQuoting.text(String.join(".", path)))
                      .collect(Collectors.joining(", ")));
    };
  }

  private static String truncated(Unit unit, String name, ColumnType type) {
    if (type.isDate()) {
      return "date_trunc('%s', %s::timestamp)::date".formatted(unit.word(), name);
    }
    return type.isZoned()
        ? "date_trunc('%s', %s, 'UTC')".formatted(unit.word(), name)
        : "date_trunc('%s', %s)".formatted(unit.word(), name);
  }
}
