package org.openlockbox.http.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Looks at each value of a document that stands at one place. An object without the member that it
/// should have is unfit, and so is a value where an object or an array should be.
final class JsonPlaces {
  /// Looks at a value, and reads all of it.
  interface PlacedValue {
    void at(JsonParser value) throws UnfitAnswer;
  }

  private final PlacedValue each;
  private final String missing;

  /// @param missing what is said of a document without the place
  JsonPlaces(PlacedValue each, String missing) {
    this.each = each;
    this.missing = missing;
  }

  /// Reads a whole document.
  ///
  /// @throws UnfitAnswer if it is none, or has not the place
  void of(byte[] document, JsonPath place) throws IOException {
    JsonText.read(
        JsonText.reader(new ByteArrayInputStream(document)), parser -> look(parser, place.steps()));
  }

  private void look(JsonParser at, List<String> steps) throws UnfitAnswer {
    if (steps.isEmpty()) {
      each.at(at);
      return;
    }
    List<String> below = steps.subList(1, steps.size());
    if (steps.getFirst().equals(JsonPath.ELEMENTS)) {
      elements(at, below);
    } else {
      member(at, steps.getFirst(), below);
    }
  }

  private void elements(JsonParser at, List<String> below) throws UnfitAnswer {
    if (at.currentToken() != JsonToken.START_ARRAY) {
      throw new UnfitAnswer(missing);
    }
    while (at.nextToken() != JsonToken.END_ARRAY) {
      look(at, below);
    }
  }

  private void member(JsonParser at, String wanted, List<String> below) throws UnfitAnswer {
    if (at.currentToken() != JsonToken.START_OBJECT) {
      throw new UnfitAnswer(missing);
    }
    boolean there = false;
    while (at.nextToken() != JsonToken.END_OBJECT) {
      boolean here = at.currentName().equals(wanted);
      at.nextToken();
      if (here) {
        there = true;
        look(at, below);
      } else {
        at.skipChildren();
      }
    }
    if (!there) {
      throw new UnfitAnswer(missing);
    }
  }
}
