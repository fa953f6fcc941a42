package org.openlockbox.cli.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// An object in a reply of the server, read leniently: a member that is missing or of another kind
/// reads as empty, and unknown members are left alone, so a newer server can say more. Nothing that
/// is signed or verified is read this way; those bytes go through `core`.
public record ApiObject(Json.Object json) {
  private static final int LIMIT = 64 << 20;

  /// The object in these bytes; anything else is a failure.
  public static ApiObject parse(byte[] body) {
    return tryParse(body)
        .orElseThrow(
            () ->
                new Failure(
                    ExitCode.FAILURE,
                    "the server's answer is not what this version of lockbox expects",
                    "lockbox version; lockbox status"));
  }

  static Optional<ApiObject> tryParse(byte[] body) {
    try {
      return Json.read(body, LIMIT) instanceof Json.Object object
          ? Optional.of(new ApiObject(object))
          : Optional.empty();
    } catch (MalformedJson malformed) {
      return Optional.empty();
    }
  }

  /// The text, or the digits of a number; empty when there is none.
  public String text(String name) {
    return switch (json.members().get(name)) {
      case Json.Text(String value) -> value;
      case Json.Number(long value) -> Long.toString(value);
      case null, default -> "";
    };
  }

  /// Like [#text], but its absence is a failure.
  public String required(String name) {
    String value = text(name);
    if (value.isEmpty()) {
      throw new Failure(ExitCode.FAILURE, "the server's answer has no \"" + name + "\"");
    }
    return value;
  }

  public OptionalLong number(String name) {
    return json.members().get(name) instanceof Json.Number(long value)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }

  public Optional<Instant> instant(String name) {
    try {
      String value = text(name);
      return value.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(value));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  /// Whether the member is there and true.
  public boolean isTrue(String name) {
    return json.members().get(name) instanceof Json.Bool(boolean value) && value;
  }

  public boolean has(String name) {
    return json.members().containsKey(name);
  }

  /// The object, or an empty one.
  public ApiObject object(String name) {
    return json.members().get(name) instanceof Json.Object object
        ? new ApiObject(object)
        : new ApiObject(Json.object().build());
  }

  /// The objects of an array; empty when there is none.
  public List<ApiObject> list(String name) {
    List<ApiObject> items = new ArrayList<>();
    if (json.members().get(name) instanceof Json.Array(List<Json> values)) {
      for (Json value : values) {
        if (value instanceof Json.Object object) {
          items.add(new ApiObject(object));
        }
      }
    }
    return items;
  }

  /// The texts of an array; empty when there is none.
  public List<String> texts(String name) {
    List<String> items = new ArrayList<>();
    if (json.members().get(name) instanceof Json.Array(List<Json> values)) {
      for (Json value : values) {
        if (value instanceof Json.Text(String text)) {
          items.add(text);
        }
      }
    }
    return items;
  }

  /// The object on one line.
  public String line() {
    return CanonicalJson.text(json);
  }
}
