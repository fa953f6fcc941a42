package org.openlockbox.cli.signing;

import java.util.ArrayList;
import java.util.List;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.limits.Limits;
import org.openlockbox.core.statement.Commitment;
import org.openlockbox.core.statement.LimitsJson;

/// Limits as the server tells them, with a request or with its grant.
public record ShownLimits(Limits limits) {
  /// Throws [Failure] if they are none that this version knows.
  public static ShownLimits of(ApiObject terms) {
    try {
      return new ShownLimits(LimitsJson.read(Fields.of(terms.json(), "limits")));
    } catch (IllegalArgumentException unknown) {
      throw new Failure(
          ExitCode.FAILURE,
          "the server tells limits that this version of lockbox does not know",
          "lockbox version");
    }
  }

  /// The texts of the statements that these limits list, found by their commitments among
  /// `{"salt","text"}`; throws [Failure] if one is not there.
  public List<String> texts(List<ApiObject> shown) {
    var texts = new ArrayList<String>();
    for (var hash : limits.statements().commitments()) {
      texts.add(
          shown.stream()
              .filter(text -> opens(text, new Commitment(hash)))
              .map(text -> text.text("text"))
              .findFirst()
              .orElseThrow(
                  () ->
                      new Failure(
                          ExitCode.FAILURE,
                          "the text of a statement that was asked for is not there any more",
                          "lockbox request create, with --statement")));
    }
    return texts;
  }

  static boolean opens(ApiObject shown, Commitment commitment) {
    try {
      var salt = Bytes.ofBase64(shown.text("salt"));
      return Commitment.to(salt, Bytes.ofUtf8(shown.text("text"))).equals(commitment);
    } catch (MalformedJson | IllegalArgumentException malformed) {
      return false;
    }
  }
}
