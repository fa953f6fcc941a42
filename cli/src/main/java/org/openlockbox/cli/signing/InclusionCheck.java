package org.openlockbox.cli.signing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.ErasedEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.MalformedNote;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.InclusionProof;
import org.openlockbox.tlog.tree.MerkleTree;

/// Checks that what was signed stands in the tenant's log: the entry at the index holds exactly the
/// envelope that was sent, the proof leads from it to the root, and the log's key, known from
/// genesis or from the entry that named it, signed that root. Only then may anyone say "logged".
public record InclusionCheck(long index, long size) {

  /// Fetches the entry that the proof is about and checks it; throws [Failure] if it does not hold.
  public static InclusionCheck check(Api api, Keyring keyring, ApiObject proof, Envelope sent) {
    Genesis genesis = keyring.genesis();
    long index = proof.number("index").orElse(-1);
    if (index < 0) {
      throw unproven("the server's answer has no proof");
    }
    String tenant = Api.encoded(genesis.tenant().value());
    ApiObject page = api.get("/v1/tenants/" + tenant + "/log?from=" + index + "&limit=1").object();
    List<ApiObject> entries = page.list("entries");
    if (entries.isEmpty()) {
      throw unproven("the server does not show entry " + index);
    }
    return check(keyring, proof, entries.getFirst().text("entry"), sent);
  }

  static InclusionCheck check(Keyring keyring, ApiObject proof, String entryBase64, Envelope sent) {
    Genesis genesis = keyring.genesis();
    try {
      Bytes bytes = Bytes.ofBase64(entryBase64);
      LogEntry entry = LogEntry.parse(bytes);
      long index = proof.number("index").orElse(-1);
      if (entry.seq() != index || !entry.origin().equals(genesis.origin())) {
        throw unproven("the entry shown is not entry " + index + " of this log");
      }
      if (!envelope(entry).filter(sent::equals).isPresent()) {
        throw unproven("entry " + index + " holds something else than what was signed");
      }
      Checkpoint checkpoint = checkpoint(keyring, proof.text("checkpoint"));
      InclusionProof inclusion =
          new InclusionProof(index, checkpoint.size(), hashes(proof.texts("hashes")));
      if (!inclusion.proves(MerkleTree.leafHash(bytes.toArray()), checkpoint.root())) {
        throw unproven("the inclusion proof of entry " + index + " is false");
      }
      return new InclusionCheck(index, checkpoint.size());
    } catch (MalformedJson | MalformedNote | IllegalArgumentException malformed) {
      throw unproven("the proof cannot be read: " + malformed.getMessage());
    }
  }

  private static Optional<Envelope> envelope(LogEntry entry) {
    return switch (entry.body()) {
      case RequestEvent.Decided decided -> Optional.of(decided.envelope());
      case RequestEvent.Revoked revoked -> Optional.of(revoked.envelope());
      case ErasedEvent.SignedErasure erased -> Optional.of(erased.envelope());
      default -> Optional.empty();
    };
  }

  private static Checkpoint checkpoint(Keyring keyring, String note) {
    return keyring
        .checkpointKeys()
        .open(SignedNote.parse(note))
        .orElseThrow(
            () -> unproven("the checkpoint is not signed by both of the tenant's log keys"));
  }

  private static List<Hash> hashes(List<String> texts) {
    List<Hash> hashes = new ArrayList<>();
    for (String text : texts) {
      hashes.add(text.length() == 2 * Hash.LENGTH ? Hash.ofHex(text) : Hash.ofBase64(text));
    }
    return hashes;
  }

  private static Failure unproven(String why) {
    return new Failure(
        ExitCode.FAILURE,
        "the server answered, but it is not proven that this is in the log: " + why,
        "keep this message; lockbox log shows what the server claims");
  }
}
