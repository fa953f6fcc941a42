package org.openlockbox.core.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.canonical.NewerVersion;

/// A statement and its signatures (DSSE, protocol.md and envelope.md v1.0). Signatures are over
/// [#pae], which contains the payload's exact bytes: verify those bytes, then read those bytes;
/// never write them anew. Nothing in an envelope is believed before [SignatureCheck].
public record Envelope(String payloadType, Bytes payload, List<Signature> signatures) {
  /// Longest payload; an envelope has to fit into a log entry.
  public static final int MAX_PAYLOAD = 40_000;

  public static final int MAX_SIGNATURES = 32;

  private static final Pattern VERSIONED =
      Pattern.compile("(application/vnd\\.lockbox\\.[a-z-]+\\.v)([1-9][0-9]{0,8})\\+json");

  private static final Pattern TYPE = Pattern.compile("[\\x21-\\x7e]{1,127}");

  public Envelope {
    signatures = List.copyOf(signatures);
    if (!TYPE.matcher(payloadType).matches()) {
      throw new MalformedJson("not a payload type");
    }
    if (payload.size() > MAX_PAYLOAD) {
      throw new MalformedJson("a payload has at most %d bytes".formatted(MAX_PAYLOAD));
    }
    if (signatures.size() > MAX_SIGNATURES) {
      throw new MalformedJson("an envelope has at most %d signatures".formatted(MAX_SIGNATURES));
    }
  }

  /// An envelope to be signed.
  public static Envelope unsigned(String payloadType, Json payload) {
    return new Envelope(payloadType, Bytes.of(CanonicalJson.bytes(payload)), List.of());
  }

  /// Reads an envelope with at least one signature.
  public static Envelope parse(Fields fields) {
    var envelope =
        new Envelope(
            fields.text("payloadType"),
            fields.bytes("payload"),
            fields.objects("signatures").stream().map(Signature::parse).toList());
    fields.done();
    if (envelope.signatures.isEmpty()) {
      throw new MalformedJson("an envelope has at least one signature");
    }
    return envelope;
  }

  public static Envelope parse(Json json) {
    return parse(Fields.of(json, "envelope"));
  }

  public Json.Object toJson() {
    return Json.object()
        .put("payloadType", payloadType)
        .put("payload", payload)
        .put("signatures", signatures.stream().map(Signature::toJson).toList())
        .build();
  }

  /// The payload as canonical JSON; refuses any other bytes. Call it after the signatures hold.
  public Json payloadJson() {
    return CanonicalJson.parse(payload);
  }

  /// What is signed: `"DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload`.
  public Bytes pae() {
    return pae(payloadType, payload);
  }

  public static Bytes pae(String payloadType, Bytes payload) {
    var type = Bytes.ofUtf8(payloadType);
    return Bytes.ofUtf8("DSSEv1 " + type.size() + " " + payloadType + " " + payload.size() + " ")
        .plus(payload);
  }

  /// Throws [MalformedJson] if it is of another type, and [NewerVersion] if that is a later version
  /// of this type.
  public void require(String type, String what) {
    if (payloadType.equals(type)) {
      return;
    }
    var wanted = VERSIONED.matcher(type);
    var written = VERSIONED.matcher(payloadType);
    if (wanted.matches() && written.matches() && wanted.group(1).equals(written.group(1))) {
      long version = Long.parseLong(written.group(2));
      if (version > NewerVersion.KNOWN) {
        throw new NewerVersion(what, version);
      }
    }
    throw new MalformedJson("not %s: %s".formatted(what, payloadType));
  }

  public Envelope with(Signature signature) {
    var all = new ArrayList<>(signatures);
    all.add(signature);
    return new Envelope(payloadType, payload, all);
  }

  /// The same statement with one more signature, by this signer.
  public Envelope signedBy(PrivateSigner signer) {
    return with(signer.sign(pae()));
  }
}
