package org.openlockbox.http.json;

import java.io.IOException;
import java.util.List;
import tools.jackson.core.JsonParser;

/// Whether an answer says at each of these places that it is of the one tenant: the counterpart of
/// the rows that a database shows. An object without the place that it should have is unfit.
///
/// @param places where a document says whose it is
/// @param tenant what has to stand there
public record TenantCheck(List<JsonPath> places, String tenant) {
  private static final String MISSING = "it does not say whose it is";

  public TenantCheck {
    places = List.copyOf(places);
  }

  /// What a document says.
  public enum TenantFinding {
    /// It is the tenant's throughout.
    OWN,
    /// Something in it is another tenant's.
    ANOTHER
  }

  /// Reads a whole document.
  ///
  /// @throws UnfitAnswer if it is none, or does not say it at a place where it should
  public TenantFinding of(byte[] document) throws IOException {
    TenantFinding[] found = {TenantFinding.OWN};
    var each =
        new JsonPlaces(
            value -> {
              if (!isTenant(value)) {
                found[0] = TenantFinding.ANOTHER;
              }
            },
            MISSING);
    for (JsonPath place : places) {
      each.of(document, place);
    }
    return found[0];
  }

  private boolean isTenant(JsonParser at) throws UnfitAnswer {
    return switch (at.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT -> at.getString().equals(tenant);
      case null, default -> throw new UnfitAnswer(MISSING);
    };
  }
}
