package org.openlockbox.server.proposal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.Signature;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.problem.Problem;
import org.openlockbox.server.tenant.ProposalId;
import org.openlockbox.tlog.tree.Hash;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The rows of proposals of one kind, which their payload type tells, and their signatures.
final class ProposalRows {
  private final JdbcClient jdbc;
  private final String payloadType;

  ProposalRows(JdbcClient jdbc, String payloadType) {
    this.jdbc = jdbc;
    this.payloadType = payloadType;
  }

  void insert(
      TenantId tenant, ProposalId id, SubjectId by, Envelope unsigned, Hash prev, Instant now) {
    jdbc.sql(
            """
            insert into proposal (tenant_id, id, payload_type, payload, prev, proposed_by, created_at)
            values (?, ?, ?, ?, ?, ?, ?)
            """)
        .param(tenant.value())
        .param(id.value())
        .param(unsigned.payloadType())
        .param(unsigned.payload().toArray())
        .param(prev.hex())
        .param(by.value())
        .param(at(now))
        .update();
  }

  /// Locks the row if it is to be changed.
  Optional<Proposal> find(TenantId tenant, ProposalId id, boolean toChange) {
    return jdbc.sql(
            """
            select tenant_id, id, payload_type, payload, proposed_by, created_at, ended, ended_at,
                   withdrawn_by
              from proposal where tenant_id = ? and id = ? and payload_type = ?%s
            """
                .formatted(toChange ? " for update" : ""))
        .params(tenant.value(), id.value(), payloadType)
        .query((row, n) -> proposal(row))
        .optional()
        .map(this::signed);
  }

  List<Proposal> newest(TenantId tenant, int most) {
    return jdbc
        .sql(
            """
            select tenant_id, id, payload_type, payload, proposed_by, created_at, ended, ended_at,
                   withdrawn_by
              from proposal where tenant_id = ? and payload_type = ?
             order by created_at desc, id limit ?
            """)
        .params(tenant.value(), payloadType, most)
        .query((row, n) -> proposal(row))
        .list()
        .stream()
        .map(this::signed)
        .toList();
  }

  private static Proposal proposal(ResultSet row) throws SQLException {
    var ended = Optional.ofNullable(row.getString("ended"));
    var createdAt = instant(row, "created_at");
    return new Proposal(
        new ProposalId(row.getString("id")),
        new TenantId(row.getString("tenant_id")),
        new SubjectId(row.getString("proposed_by")),
        createdAt,
        ended.map(Proposal.ProposalState::parse).orElse(Proposal.ProposalState.OPEN),
        ended.isPresent() ? instant(row, "ended_at") : createdAt,
        Optional.ofNullable(row.getString("withdrawn_by")).map(SubjectId::new),
        new Envelope(row.getString("payload_type"), Bytes.of(row.getBytes("payload")), List.of()));
  }

  private Proposal signed(Proposal unsigned) {
    var signed = unsigned;
    for (var signature : signatures(unsigned.tenant(), unsigned.id())) {
      signed = signed.with(signature);
    }
    return signed;
  }

  private List<Signature> signatures(TenantId tenant, ProposalId id) {
    return jdbc.sql(
            """
            select signature from proposal_signature
             where tenant_id = ? and proposal_id = ? order by signed_at, key_id
            """)
        .params(tenant.value(), id.value())
        .query((row, n) -> signature(row.getString("signature")))
        .list();
  }

  private static Signature signature(String json) {
    return Signature.parse(Fields.of(CanonicalJson.parse(Bytes.ofUtf8(json)), "signature"));
  }

  /// How many are open and follow this keyring entry.
  int countOpen(TenantId tenant, Hash prev) {
    return jdbc.sql(
            """
            select count(*) from proposal
             where tenant_id = ? and prev = ? and ended is null
            """)
        .params(tenant.value(), prev.hex())
        .query(Integer.class)
        .single();
  }

  void sign(TenantId tenant, ProposalId id, Signature signature, Instant now) {
    jdbc.sql(
            """
            insert into proposal_signature (tenant_id, proposal_id, key_id, signature, signed_at)
            values (?, ?, ?, ?, ?)
            """)
        .param(tenant.value())
        .param(id.value())
        .param(signature.keyId().hex())
        .param(CanonicalJson.text(signature.toJson()))
        .param(at(now))
        .update();
  }

  void made(TenantId tenant, ProposalId id, Instant now) {
    end(tenant, id, Proposal.ProposalState.MADE, null, now);
  }

  void withdrawn(TenantId tenant, ProposalId id, SubjectId by, Instant now) {
    end(tenant, id, Proposal.ProposalState.WITHDRAWN, by.value(), now);
  }

  private void end(
      TenantId tenant,
      ProposalId id,
      Proposal.ProposalState state,
      @Nullable String by,
      Instant now) {
    int ended =
        jdbc.sql(
                """
                update proposal set ended = ?, ended_at = ?, withdrawn_by = ?
                 where tenant_id = ? and id = ? and ended is null
                """)
            .param(state.word())
            .param(at(now))
            .param(by)
            .param(tenant.value())
            .param(id.value())
            .update();
    if (ended != 1) {
      throw Problem.stale();
    }
  }

  private static OffsetDateTime at(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  /// Entries and answers know no time that is finer.
  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MILLIS);
  }
}
