package org.openlockbox.http.json;

import java.io.IOException;

/// How many rows an answer has: the values at one place of its document.
///
/// @param place such as `tickets.*`
public record RowCount(JsonPath place) {
  /// Reads a whole document.
  ///
  /// @throws UnfitAnswer if it is none, or has not the place
  public long of(byte[] document) throws IOException {
    long[] count = {0};
    new JsonPlaces(
            value -> {
              count[0]++;
              value.skipChildren();
            },
            "it does not have what is counted")
        .of(document, place);
    return count[0];
  }
}
