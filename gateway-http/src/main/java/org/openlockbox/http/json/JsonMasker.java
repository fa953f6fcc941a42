package org.openlockbox.http.json;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.openlockbox.http.json.FieldRules.FieldNode;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Passes on what the rules show of a document, while it comes. What has been written at any moment
/// may be read by whoever has the level masked; a document that turns out to be no JSON ends in the
/// middle.
public final class JsonMasker {
  private static final int LONGEST_LINE = 1 << 20;

  private final FieldRules rules;

  public JsonMasker(FieldRules rules) {
    this.rules = rules;
  }

  /// One document.
  ///
  /// @throws UnfitAnswer if it is none
  public void document(InputStream from, OutputStream to) throws IOException {
    mask(JsonText.reader(from), to);
  }

  /// A document in each line, passed on line by line.
  ///
  /// @throws UnfitAnswer at the first line that is none
  public void lines(InputStream from, OutputStream to) throws IOException {
    BufferedReader text = JsonText.reader(from);
    for (Optional<String> line = line(text); line.isPresent(); line = line(text)) {
      if (!line.get().isBlank()) {
        mask(new StringReader(line.get()), to);
        to.write('\n');
        to.flush();
      }
    }
  }

  private static Optional<String> line(Reader text) throws IOException {
    var line = new StringBuilder();
    try {
      for (int next = text.read(); next >= 0; next = text.read()) {
        if (next == '\n') {
          return Optional.of(line.toString());
        }
        if (line.length() == LONGEST_LINE) {
          throw new UnfitAnswer("a line is too long");
        }
        line.append((char) next);
      }
    } catch (CharacterCodingException e) {
      throw new UnfitAnswer("it is not UTF-8");
    }
    return line.isEmpty() ? Optional.empty() : Optional.of(line.toString());
  }

  private void mask(Reader from, OutputStream to) throws IOException {
    JsonGenerator json = JsonText.writer(to); // closed at the end alone: it must not add an end
    JsonText.read(from, parser -> value(parser, json, rules.root()));
    JsonText.end(json);
  }

  private static void value(JsonParser from, JsonGenerator to, FieldNode rule) {
    switch (from.currentToken()) {
      case START_OBJECT -> {
        if (rule.members().isEmpty()) {
          hidden(from, to);
        } else {
          members(from, to, rule);
        }
      }
      case START_ARRAY -> {
        if (rule.elements().isEmpty()) {
          hidden(from, to);
        } else {
          elements(from, to, rule.elements().get());
        }
      }
      case VALUE_STRING -> write(to, rule.mask().orElse(FieldMask.REDACT).ofText(from.getString()));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(from.getString(), to, rule);
      case VALUE_TRUE, VALUE_FALSE -> {
        if (rule.mask().filter(FieldMask.SHOW::equals).isPresent()) {
          to.writeBoolean(from.currentToken() == JsonToken.VALUE_TRUE);
        } else {
          to.writeNull();
        }
      }
      case VALUE_NULL -> to.writeNull();
      case null, default -> throw new IllegalStateException("no value begins here");
    }
  }

  private static void members(JsonParser from, JsonGenerator to, FieldNode rule) {
    to.writeStartObject();
    while (from.nextToken() != JsonToken.END_OBJECT) {
      String name = from.currentName();
      from.nextToken();
      FieldNode below = rule.members().get(name);
      if (below == null) {
        from.skipChildren();
      } else {
        to.writeName(name);
        value(from, to, below);
      }
    }
    to.writeEndObject();
  }

  private static void elements(JsonParser from, JsonGenerator to, FieldNode rule) {
    to.writeStartArray();
    while (from.nextToken() != JsonToken.END_ARRAY) {
      value(from, to, rule);
    }
    to.writeEndArray();
  }

  /// An object or array where the catalogue lists a value, or the other way round.
  private static void hidden(JsonParser from, JsonGenerator to) {
    from.skipChildren();
    to.writeNull();
  }

  private static void number(String digits, JsonGenerator to, FieldNode rule) {
    if (rule.mask().filter(FieldMask.SHOW::equals).isPresent()) {
      to.writeNumber(digits);
    } else {
      write(to, rule.mask().flatMap(mask -> mask.ofNumber(digits)));
    }
  }

  private static void write(JsonGenerator to, Optional<String> text) {
    if (text.isPresent()) {
      to.writeString(text.get());
    } else {
      to.writeNull();
    }
  }
}
