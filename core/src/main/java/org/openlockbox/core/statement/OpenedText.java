package org.openlockbox.core.statement;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// A committed text with the salt that opens its commitment. The text is bytes: SQL may be in any
/// encoding, and must come back as it was.
public record OpenedText(Bytes salt, Bytes text) {
  private static final int LARGEST_LINE = 64 << 20;

  public OpenedText {
    if (salt.size() != Commitment.SALT_LENGTH) {
      throw new MalformedJson("a salt has 16 bytes, not " + salt.size());
    }
  }

  /// Reads a line of a bundle; throws [MalformedJson] if the text does not open the commitment that
  /// the line names.
  public static OpenedText parse(Bytes line) {
    var json = Json.read(line.toArray(), LARGEST_LINE);
    var fields = Fields.of(json, "opened text");
    var commitment = fields.value("commitment", Commitment::parse);
    var opened = new OpenedText(fields.bytes("salt"), fields.bytes("text"));
    fields.done();
    if (!opened.commitment().equals(commitment)) {
      throw new MalformedJson("the text does not open the commitment " + commitment);
    }
    return opened;
  }

  /// The line that stands for it in a bundle.
  public Bytes bytes() {
    return Bytes.of(
        CanonicalJson.bytes(
            Json.object()
                .put("commitment", commitment().value())
                .put("salt", salt)
                .put("text", text)
                .build()));
  }

  /// The commitment that this opens.
  public Commitment commitment() {
    return Commitment.to(salt, text);
  }
}
