package org.openlockbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlockbox.core.log.RecoveryEvent;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.tlog.Checkpoint;
import org.openlockbox.tlog.SignedNote;
import org.openlockbox.tlog.tree.Hash;

/// What `lockbox watch` says when the provider lost epochs and the epoch log goes on under another
/// name: told for ever, and believed no further than the tenant's own log, what was seen before and
/// the new log's first entry agree.
class WatchRecoveryTest {
  private static final String REASON = "the disk was lost";

  @TempDir private Path home;
  private final StubServer server = new StubServer();
  private final WatchedTenant watched = new WatchedTenant(server);
  private final TenantFixture acme = watched.acme;
  private Checkpoint seen = new Checkpoint("none", 0, Hash.sha256());

  @BeforeEach
  void threeEpochsAreSeen() throws Exception {
    for (int i = 0; i < 3; i++) {
      watched.serve(acme);
    }
    var first = watched.watch(home);
    assertThat(first.exit()).as(first.out() + first.err()).isZero();
    var kept = Files.readString(home.resolve("watch/acme/epochs.json"));
    var note = kept.replaceFirst(".*\"note\":\"", "").replaceFirst("\".*", "");
    seen = Checkpoint.parse(SignedNote.parse(note.replace("\\n", "\n")).text());
    assertThat(seen.size()).isEqualTo(3);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RecoveryEvent.EpochsLost lost(int generation, long size, Hash root) {
    return new RecoveryEvent.EpochsLost(generation, size, root, REASON);
  }

  private void goesOn(RecoveryEvent.EpochsLost told, RecoveryEvent.EpochsLost opening) {
    acme.log().append(told);
    watched.goOn(opening.generation(), opening.opening());
    watched.serve(acme);
  }

  private Shell.Result found(int findings) {
    var result = watched.watch(home);
    assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(1);
    assertThat(result.out()).contains("LOST EPOCHS: the epoch log had been signed with");
    assertThat(result.out()).hasLineCount(findings);
    return result;
  }

  @Test
  void aLossThatIsAdmittedIsToldForEverAndTheNewLogIsFollowed() {
    var lost = lost(2, seen.size(), seen.root());
    goesOn(lost, lost);
    assertThat(found(1).out()).contains("went on as generation 2: \u201c" + REASON + "\u201d");
    watched.serve(acme);
    found(1);
    watched.goOn(2, lost.opening());
    acme.ask(1);
    watched.serve(acme);
    assertThat(found(2).out()).contains("the epoch log does not continue the one seen before");
  }

  @Test
  void theOldLogIsNotBelievedAfterIt() {
    acme.log().append(lost(2, seen.size(), seen.root()));
    watched.serve(acme);
    assertThat(found(2).out()).contains("not in an epoch log that both log keys signed");
  }

  @Test
  void theNewLogIsNotBelievedWithoutIt() {
    watched.goOn(2, lost(2, seen.size(), seen.root()).opening());
    watched.serve(acme);
    var result = watched.watch(home);
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("not in an epoch log that both log keys signed");
  }

  @Test
  void lessThanWasSeenIsNoAdmission() {
    var lost = lost(2, seen.size() - 1, seen.root());
    goesOn(lost, lost);
    assertThat(found(2).out()).contains("3 epochs were seen", "does not admit to have lost");
  }

  @Test
  void anotherRootThanWasSeenIsNoAdmission() {
    var lost = lost(2, seen.size(), Hash.sha256(new byte[1]));
    goesOn(lost, lost);
    assertThat(found(2).out()).contains("3 epochs were seen", "does not admit to have lost");
  }

  @Test
  void anotherLossThanOthersWereToldIsFound() {
    goesOn(lost(2, 9, seen.root()), lost(2, 8, seen.root()));
    assertThat(found(2).out()).contains("opens with another loss than the log admits");
  }

  @Test
  void aNameThatComesAgainIsFound() {
    var lost = lost(2, seen.size(), seen.root());
    goesOn(lost, lost);
    found(1);
    goesOn(lost, lost);
    var again = watched.watch(home);
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.out()).contains("goes on under a name that it had before");
  }
}
