package org.openlockbox.portal.signing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.keyring.ApproverKey;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.log.RequestEvent;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.LoggedRequest;
import org.openlockbox.server.log.entry.Histories;
import org.openlockbox.tlog.tree.Hash;
import org.openlockbox.tlog.tree.MerkleTree;

/// What was signed about a request, to the byte, each with its place in the log and the proof of
/// it; under one checkpoint, with what the verifier's own check says to all of it. `broken` is why
/// it does not hold.
public record SignedStatements(
    List<Statement> statements, String checkpoint, long size, String pin, Optional<String> broken) {
  public SignedStatements {
    statements = List.copyOf(statements);
  }

  /// One signed statement, in a sentence and member by member. `key` names the approver's key,
  /// `leaf` is the hash of the entry in the tree, and `proof` leads from there to the root that the
  /// checkpoint names.
  public record Statement(
      SignableStatement says,
      List<StatementField> fields,
      String approver,
      String key,
      String keyId,
      Instant at,
      long index,
      String payload,
      String payloadType,
      String leaf,
      List<String> proof) {
    public Statement {
      fields = List.copyOf(fields);
      proof = List.copyOf(proof);
    }
  }

  static SignedStatements of(
      PageContext frame,
      LoggedRequest asked,
      String resource,
      Keyring keyring,
      Histories.RequestHistory shown,
      HistoryCheck check) {
    var statements = new ArrayList<Statement>();
    for (var proven : shown.entries()) {
      signed(proven)
          .map(envelope -> statement(frame, asked, resource, keyring, proven, envelope))
          .ifPresent(statements::add);
    }
    var broken =
        switch (check) {
          case HistoryCheck.Valid _ -> Optional.<String>empty();
          case HistoryCheck.Invalid(var where, var why) -> Optional.of(where + ": " + why);
        };
    var checkpoint = shown.checkpoint();
    return new SignedStatements(
        statements, checkpoint.note().format(), checkpoint.size(), keyring.pin().hex(), broken);
  }

  private static Optional<Envelope> signed(Histories.ProvenStoredEntry proven) {
    var body = proven.entry().read().body();
    if (body instanceof RequestEvent.Decided decided) {
      return Optional.of(decided.envelope());
    }
    return body instanceof RequestEvent.Revoked revoked
        ? Optional.of(revoked.envelope())
        : Optional.empty();
  }

  private static Statement statement(
      PageContext frame,
      LoggedRequest asked,
      String resource,
      Keyring keyring,
      Histories.ProvenStoredEntry proven,
      Envelope envelope) {
    var entry = proven.entry();
    var keyId = envelope.signatures().getFirst().keyId();
    var key = keyring.at(entry.seq()).key(keyId);
    return new Statement(
        SignableStatement.read(frame, asked, resource, envelope),
        StatementField.of(frame, envelope),
        key.map(one -> one.approver().value()).orElse("?"),
        key.map(ApproverKey::name).orElse("?"),
        keyId.hex(),
        entry.read().time(),
        entry.seq(),
        envelope.payload().utf8(),
        envelope.payloadType(),
        MerkleTree.leafHash(entry.bytes().toArray()).hex(),
        proven.proof().hashes().stream().map(Hash::hex).toList());
  }
}
