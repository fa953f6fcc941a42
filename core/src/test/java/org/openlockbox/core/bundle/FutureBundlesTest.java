package org.openlockbox.core.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.canonical.JsonObjectBuilder;
import org.openlockbox.core.history.History;
import org.openlockbox.core.history.HistoryCheck;
import org.openlockbox.core.log.Lines;
import org.openlockbox.core.log.LoggedEntry;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.operation.Protocol;
import org.openlockbox.core.policy.Conditions;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.core.watch.LogWatch;
import org.openlockbox.tlog.SigningKeys;

/// docs/spec/evolution.md: of a later version no verifier says that it holds, and none that it is
/// false; each ends with 3 and says that a newer release is needed. What is unknown in version 1 is
/// false.
class FutureBundlesTest {
  private static final String NEEDS_NEWER = "needs a newer";

  private final TenantFixture acme = new TenantFixture("acme", 1, new SettableClock());
  private final TenantFixture.RequestEntry asked = acme.ask(1);
  private final FiveVerifiers verifiers;

  FutureBundlesTest(@TempDir Path programs) throws Exception {
    verifiers = new FiveVerifiers(programs);
  }

  @BeforeEach
  void approved() {
    acme.approve(asked, "ann");
  }

  private Json.Object entry(String type, JsonObjectBuilder body, long version) {
    return Json.object()
        .put("v", version)
        .put("origin", acme.log().origin().value())
        .put("seq", acme.log().size())
        .put("ts", acme.clock().instant().toEpochMilli())
        .put("type", type)
        .put("body", body.build())
        .build();
  }

  private void append(Json.Object entry) {
    acme.log().appendRaw(Bytes.of(CanonicalJson.bytes(entry)));
  }

  private SortedMap<String, Bytes> files() {
    var entries = new ArrayList<Bytes>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      entries.add(acme.log().entry(seq));
    }
    return new Bundle(
            asked.submission().id(), entries, List.of(), acme.log().checkpoint(), Map.of())
        .files();
  }

  private Json.Object revocation(String type, long version) {
    var payload =
        Json.object()
            .put("v", version)
            .put("approver", "ann")
            .put("nonce", "00".repeat(16))
            .put("origin", acme.log().origin().value())
            .put("tenant", "acme")
            .put(
                "request",
                Json.object()
                    .put("id", asked.ref().id().value())
                    .put("index", asked.ref().index())
                    .put("sha256", asked.ref().sha256())
                    .build())
            .build();
    var envelope =
        Envelope.unsigned("application/vnd.lockbox." + type + "+json", payload)
            .signedBy(acme.key("ann"));
    return entry("revoke", Json.object().put("envelope", envelope.toJson()), 1);
  }

  @Test
  void anEntryOfALaterVersionIsNotCheckedByAnyVerifier() throws Exception {
    append(entry("answered-by-proxy", Json.object().put("what", "nobody knows yet"), 2));
    verifiers.allSay(3, NEEDS_NEWER, files(), acme.pin());
    verifiers.allSay(3, "NOT CHECKED", files(), acme.pin());
  }

  @Test
  void aSignedPayloadOfALaterVersionIsNotCheckedByAnyVerifier() throws Exception {
    append(revocation("revocation.v2", 2));
    verifiers.allSay(3, NEEDS_NEWER, files(), acme.pin());
  }

  @Test
  void aLaterVersionUnderTheTypeOfThisOneIsNotCheckedEither() throws Exception {
    append(revocation("revocation.v1", 7));
    verifiers.allSay(3, NEEDS_NEWER, files(), acme.pin());
  }

  @Test
  void aKeyringPayloadOfALaterVersionIsNotCheckedByAnyVerifier() throws Exception {
    var payload = Json.object().put("v", 2).put("committee", "ann").build();
    var envelope =
        Envelope.unsigned("application/vnd.lockbox.keyring.v2+json", payload)
            .signedBy(acme.key("ann"));
    append(entry("settings", Json.object().put("envelope", envelope.toJson()), 1));
    verifiers.allSay(3, NEEDS_NEWER, files(), acme.pin());
  }

  /// Three keys, say: whoever does not know them cannot tell who signed the checkpoint.
  @Test
  void keysOfTheLogOfALaterVersionAreNotCheckedByAnyVerifier() throws Exception {
    var payload = Json.object().put("v", 2).put("signers", "three of them").build();
    var envelope =
        Envelope.unsigned("application/vnd.lockbox.log-keys.v2+json", payload)
            .signedBy(acme.key("ann"));
    var files = new TreeMap<>(files());
    append(entry("log-keys", Json.object().put("envelope", envelope.toJson()), 1));
    acme.signBy(SigningKeys.generate(new SecureRandom()));
    var last = acme.log().entry(acme.log().size() - 1);
    var path = Bundle.entriesPath(0);
    var before = Optional.ofNullable(files.get(path)).orElseThrow();
    files.put(path, before.plus(Lines.of(List.of(last))));
    files.put(Bundle.CHECKPOINT, Bytes.ofUtf8(acme.log().checkpoint()));
    files.put(Bundle.LOG_KEYS, Bytes.ofUtf8("nobody knows yet\n"));
    verifiers.allSay(3, NEEDS_NEWER, StoredZip.read(TamperedBundles.sealed(files)), acme.pin());
  }

  @Test
  void aConnectStatementOfALaterVersionIsNotCheckedByAnyVerifier() throws Exception {
    var payload = Json.object().put("v", 2).put("engineer", "eve").build();
    var connect =
        Envelope.unsigned("application/vnd.lockbox.connect.v2+json", payload)
            .signedBy(acme.key("engineer"));
    var usual = acme.opened(asked, acme.session());
    acme.fromGateway(
        new SessionEvent.Opened(
            usual.of(),
            usual.about(),
            usual.engineer(),
            usual.resource(),
            Protocol.POSTGRESQL,
            usual.level(),
            connect,
            usual.certificate(),
            usual.catalogue(),
            usual.clientAddress(),
            usual.clientApplication(),
            usual.expires()));
    verifiers.allSay(3, NEEDS_NEWER, files(), acme.pin());
  }

  @Test
  void aCertificateOfALaterVersionIsNotCheckedByAnyVerifier() throws Exception {
    var payload = Json.object().put("v", 2).put("gateways", "gw-1").build();
    var certificate =
        Envelope.unsigned("application/vnd.lockbox.gateway-certificate.v2+json", payload)
            .signedBy(acme.key("authority"));
    var usual = acme.opened(asked, acme.session());
    acme.fromGateway(
        new SessionEvent.Opened(
            usual.of(),
            usual.about(),
            usual.engineer(),
            usual.resource(),
            Protocol.POSTGRESQL,
            usual.level(),
            usual.connect(),
            certificate,
            usual.catalogue(),
            usual.clientAddress(),
            usual.clientApplication(),
            usual.expires()));
    verifiers.allSay(3, NEEDS_NEWER, files(), acme.pin());
  }

  /// With a member more, and a file that this release has never heard of.
  @Test
  void aBundleOfALaterVersionIsNotCheckedByAnyVerifier() throws Exception {
    var files = new TreeMap<>(files());
    var manifest = Json.object();
    var read =
        (Json.Object) CanonicalJson.parse(Objects.requireNonNull(files.get(Bundle.MANIFEST)));
    read.members()
        .forEach(
            (name, value) -> {
              if (!name.equals("v")) {
                manifest.put(name, value);
              }
            });
    files.put("SUMMARY.txt", Bytes.ofUtf8("in short\n"));
    files.put(
        Bundle.MANIFEST,
        Bytes.of(CanonicalJson.bytes(manifest.put("v", 2).put("summary", "SUMMARY.txt").build())));
    verifiers.allSay(3, NEEDS_NEWER, files, acme.pin());
  }

  /// Programs and words are no evidence, and each release has its own: only the evidence can be
  /// false. Nobody is told that such a bundle holds, because somebody may have changed its program.
  @Test
  void programsOfAnotherReleaseAreNotCheckedAndNotFalse() {
    for (var name : Bundle.NO_EVIDENCE) {
      var files = with(name, Bytes.ofUtf8("of another release\n"));
      assertThat(BundleCheck.verify(StoredZip.write(files).toArray(), Optional.of(acme.pin())))
          .isEqualTo(new BundleCheck.Newer(BundleCheck.STRANGE, name));
    }
  }

  @Test
  void aFalseBundleWithProgramsOfAnotherReleaseIsFalse() {
    append(entry("lapse", Json.object().put("request", "R-NOBODYASKS"), 0));
    var files = with("verify.sh", Bytes.ofUtf8("of another release\n"));
    assertThat(BundleCheck.verify(StoredZip.write(files).toArray(), Optional.of(acme.pin())))
        .isInstanceOf(BundleCheck.Invalid.class);
  }

  /// The bundle's files with another one of this name, which its manifest lists.
  private SortedMap<String, Bytes> with(String name, Bytes content) {
    var files = new TreeMap<>(files());
    files.put(name, content);
    var written =
        Objects.requireNonNull(files.get(Bundle.MANIFEST))
            .utf8()
            .replaceFirst(
                "\"%s\":\"[0-9a-f]{64}\"".formatted(name),
                "\"%s\":\"%s\"".formatted(name, content.sha256().hex()));
    files.put(Bundle.MANIFEST, Bytes.ofUtf8(written));
    return files;
  }

  @Test
  void anUnknownTypeOfThisVersionIsFalse() throws Exception {
    append(entry("answered-by-proxy", Json.object().put("what", "nobody"), 1));
    verifiers.allSay(1, "NOT VERIFIED", files(), acme.pin());
  }

  @Test
  void aVersionBelowOneIsFalse() throws Exception {
    append(entry("lapse", Json.object().put("request", asked.submission().id().value()), 0));
    verifiers.allSay(1, "NOT VERIFIED", files(), acme.pin());
  }

  /// A gateway opens no session with it, and says why.
  @Test
  void aHistoryWithALaterVersionGivesNoGrant() {
    append(revocation("revocation.v2", 2));
    var logged = new ArrayList<LoggedEntry>();
    for (long seq = 0; seq < acme.log().size(); seq++) {
      logged.add(acme.log().proven(seq));
    }
    assertThat(
            History.check(
                Optional.of(acme.pin()),
                acme.tenant(),
                asked.submission().id(),
                logged,
                acme.log().checkpoint()))
        .isInstanceOfSatisfying(
            HistoryCheck.Invalid.class, broken -> assertThat(broken.why()).contains(NEEDS_NEWER));
  }

  /// What came after it may mean anything, so nothing after it is judged.
  @Test
  void aWatchStopsAtALaterVersion() {
    append(entry("answered-by-proxy", Json.object().put("what", "nobody"), 2));
    append(entry("answered-by-proxy", Json.object().put("what", "nobody"), 1));
    var watch = new LogWatch(acme.pin(), acme.tenant(), Conditions.NONE);
    for (long seq = 0; seq < acme.log().size(); seq++) {
      assertThat(watch.take(acme.log().entry(seq))).isEmpty();
    }
    assertThat(watch.newer().orElseThrow().seq()).isEqualTo(3);
    assertThat(watch.newer().orElseThrow().what()).contains(NEEDS_NEWER);
  }
}
