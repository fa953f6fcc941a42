package org.openlockbox.core.evidence;

import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;

/// A committed text with the salt that opens its commitment. The text is bytes: SQL may be in any
/// encoding, and must come back as it was.
public record OpenedText(Bytes salt, Bytes text) {
  private static final int LARGEST_FILE = 64 << 20;

  public OpenedText {
    if (salt.size() != Commitment.SALT_LENGTH) {
      throw new MalformedJson("a salt has 16 bytes, not " + salt.size());
    }
  }

  public static OpenedText parse(Bytes file) {
    var json = Json.read(file.toArray(), LARGEST_FILE);
    var fields = Fields.of(json, "opened text");
    var opened = new OpenedText(fields.bytes("salt"), fields.bytes("text"));
    fields.done();
    return opened;
  }

  /// The file that stands for it in a bundle.
  public Bytes bytes() {
    return Bytes.of(CanonicalJson.bytes(Json.object().put("salt", salt).put("text", text).build()));
  }

  /// The commitment that this opens.
  public Commitment commitment() {
    return Commitment.to(salt, text);
  }
}
