package org.openlockbox.core.canonical;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openlockbox.tlog.tree.Hash;

/// Reads the members of one object by name and kind, each fault as a [MalformedJson] that says
/// where. End with [#done], which refuses members that nobody asked for: an unknown member may
/// change the meaning of the known ones.
public final class Fields {
  /// Instants in documents lie in four-digit years, so that adding a duration to one is always an
  /// instant again.
  private static final Instant FIRST = Instant.EPOCH;

  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private final Json.Object object;
  private final String what;
  private final Set<String> read = new HashSet<>();

  private Fields(Json.Object object, String what) {
    this.object = object;
    this.what = what;
  }

  /// `what` names the document in messages, e.g. "decision payload".
  public static Fields of(Json json, String what) {
    if (json instanceof Json.Object object) {
      return new Fields(object, what);
    }
    throw new MalformedJson(what + " is not an object");
  }

  /// Whether the member is there. Does not count as reading it.
  public boolean has(String name) {
    return object.members().containsKey(name);
  }

  /// A single line of text.
  public String text(String name) {
    var value = anyText(name);
    if (!TextRules.allowsLine(value)) {
      throw malformed(name, "is a single line");
    }
    return value;
  }

  /// A text that may have newlines and tabs.
  public String multiline(String name) {
    return anyText(name);
  }

  public Optional<String> optionalText(String name) {
    return optional(name, this::text);
  }

  public Optional<String> optionalMultiline(String name) {
    return optional(name, this::multiline);
  }

  public long number(String name) {
    if (json(name) instanceof Json.Number(long value)) {
      return value;
    }
    throw malformed(name, "is a whole number");
  }

  /// A number that is 0 or more and fits an `int`: a count, an index in a list.
  public int count(String name) {
    long value = number(name);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw malformed(name, "is a count");
    }
    return (int) value;
  }

  public OptionalLong optionalNumber(String name) {
    return has(name) ? OptionalLong.of(number(name)) : OptionalLong.empty();
  }

  public boolean flag(String name) {
    if (json(name) instanceof Json.Bool(boolean value)) {
      return value;
    }
    throw malformed(name, "is true or false");
  }

  public Fields object(String name) {
    if (json(name) instanceof Json.Object inner) {
      return new Fields(inner, what + "." + name);
    }
    throw malformed(name, "is an object");
  }

  public Optional<Fields> optionalObject(String name) {
    return optional(name, this::object);
  }

  public List<Json> array(String name) {
    if (json(name) instanceof Json.Array(List<Json> items)) {
      return items;
    }
    throw malformed(name, "is an array");
  }

  /// The objects of an array.
  public List<Fields> objects(String name) {
    var items = array(name);
    return IntStream.range(0, items.size())
        .mapToObj(i -> of(items.get(i), what + "." + name + "[" + i + "]"))
        .toList();
  }

  /// The objects of an array; none if it is not there.
  public List<Fields> optionalObjects(String name) {
    return has(name) ? objects(name) : List.of();
  }

  /// The items of an array of texts, each read by `parse`; none if it is not there. An array that
  /// is there has an item.
  public <T> List<T> values(String name, Function<String, T> parse) {
    if (!has(name)) {
      return List.of();
    }
    var texts = texts(name);
    if (texts.isEmpty()) {
      throw malformed(name, "has an item, or is left out");
    }
    try {
      return texts.stream().map(parse).toList();
    } catch (IllegalArgumentException e) {
      throw new MalformedJson(
          "%s: '%s': %s".formatted(what, name, e.getMessage()), what + "." + name, e);
    }
  }

  /// A flag that is written only when it is true.
  public boolean trueIfThere(String name) {
    if (has(name) && !flag(name)) {
      throw malformed(name, "is left out where it is false");
    }
    return has(name);
  }

  /// The names of all members.
  public Set<String> names() {
    return object.members().keySet();
  }

  /// A fault of this object as a whole.
  public MalformedJson fault(String rule) {
    return new MalformedJson(what + ": " + rule, what);
  }

  /// What `make` makes of the members, all of which it has to read; a value that breaks a rule of
  /// its type is a fault of this object.
  public <T> T whole(Supplier<T> make) {
    try {
      T value = make.get();
      done();
      return value;
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new MalformedJson(what + ": " + e.getMessage(), what, e);
    }
  }

  /// The texts of an array, each a single line.
  public List<String> texts(String name) {
    return array(name).stream()
        .map(
            item -> {
              if (item instanceof Json.Text(String value) && TextRules.allowsLine(value)) {
                return value;
              }
              throw malformed(name, "is an array of texts");
            })
        .toList();
  }

  /// The texts of an array, which may have newlines and tabs.
  public List<String> multilines(String name) {
    return array(name).stream()
        .map(
            item -> {
              if (item instanceof Json.Text(String value)) {
                return value;
              }
              throw malformed(name, "is an array of texts");
            })
        .toList();
  }

  /// The whole numbers of an array.
  public List<Long> numbers(String name) {
    return array(name).stream()
        .map(
            item -> {
              if (item instanceof Json.Number(long value)) {
                return value;
              }
              throw malformed(name, "is an array of whole numbers");
            })
        .toList();
  }

  public Optional<List<String>> optionalTexts(String name) {
    return optional(name, this::texts);
  }

  /// A UTC instant as [Instant#toString] writes it, at most to the millisecond.
  public Instant instant(String name) {
    return parsed(
        name,
        "is a UTC instant like 2026-11-24T09:30:00Z",
        text -> {
          var instant = Instant.parse(text);
          return instantText(instant).equals(text) ? instant : null;
        });
  }

  public Optional<Instant> optionalInstant(String name) {
    return optional(name, this::instant);
  }

  /// An ISO 8601 duration in its shortest form, as [Duration#toString] writes it.
  public Duration duration(String name) {
    return parsed(
        name,
        "is an ISO 8601 duration like PT1H30M, in its shortest form",
        text -> {
          var duration = Duration.parse(text);
          return duration.toString().equals(text) ? duration : null;
        });
  }

  public Optional<Duration> optionalDuration(String name) {
    return optional(name, this::duration);
  }

  /// Standard base64 with padding.
  public Bytes bytes(String name) {
    return parsed(name, "is base64 with padding", Bytes::ofBase64);
  }

  public Optional<Bytes> optionalBytes(String name) {
    return optional(name, this::bytes);
  }

  /// A SHA-256 in lower-case hexadecimal.
  public Hash hash(String name) {
    return parsed(name, "is a SHA-256 in lower-case hexadecimal", Hash::ofHex);
  }

  public Optional<Hash> optionalHash(String name) {
    return optional(name, this::hash);
  }

  /// A text read by `parse`, whose [IllegalArgumentException] becomes a fault of this member.
  public <T> T value(String name, Function<String, T> parse) {
    var text = text(name);
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedJson(
          "%s: '%s': %s".formatted(what, name, e.getMessage()), what + "." + name, e);
    }
  }

  public <T> Optional<T> optionalValue(String name, Function<String, T> parse) {
    return optional(name, n -> value(n, parse));
  }

  /// The member as it is; it must be there.
  public Json json(String name) {
    read.add(name);
    var value = object.members().get(name);
    if (value == null) {
      throw new MalformedJson("%s: '%s' is missing".formatted(what, name), what);
    }
    return value;
  }

  /// Demands that the member is this number: the version of the document.
  public Fields version(long version) {
    long written = number("v");
    if (written > NewerVersion.KNOWN) {
      throw new NewerVersion(what, written);
    }
    if (written != version) {
      throw malformed("v", "is " + version + "; there are no others");
    }
    return this;
  }

  /// Refuses members that were not read.
  public void done() {
    for (var name : object.members().keySet()) {
      if (!read.contains(name)) {
        throw new MalformedJson("%s: unknown member '%s'".formatted(what, name), what + "." + name);
      }
    }
  }

  static String instantText(Instant instant) {
    if (!instant.truncatedTo(ChronoUnit.MILLIS).equals(instant)) {
      throw new IllegalArgumentException("finer than a millisecond: " + instant);
    }
    if (instant.isBefore(FIRST) || !instant.isBefore(END)) {
      throw new IllegalArgumentException("not between the years 1970 and 9999: " + instant);
    }
    return instant.toString();
  }

  private String anyText(String name) {
    if (json(name) instanceof Json.Text(String value)) {
      return value;
    }
    throw malformed(name, "is a text");
  }

  private <T> Optional<T> optional(String name, Function<String, T> reader) {
    return has(name) ? Optional.of(reader.apply(name)) : Optional.empty();
  }

  private <T> T parsed(String name, String rule, Function<String, ? extends @Nullable T> parse) {
    var text = text(name);
    try {
      T value = parse.apply(text);
      if (value != null) {
        return value;
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedJson("%s: '%s' %s".formatted(what, name, rule), what + "." + name, e);
    }
    throw malformed(name, rule);
  }

  private MalformedJson malformed(String name, String rule) {
    return new MalformedJson("%s: '%s' %s".formatted(what, name, rule), what + "." + name);
  }
}
