package org.openlockbox.cli.signing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringChange;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;
import org.openlockbox.core.signing.Envelope;

/// A tenant's keyring as its log proves it, not as the server's tables say: genesis and every
/// change since are replayed here. The pin is compared with the one this configuration knows; the
/// first time it is written down and told, as ssh does with a host's key.
public final class TenantKeyring {
  private TenantKeyring() {}

  public static Keyring fetch(Api api, String tenant, ConfigDirectory config, Terminal terminal) {
    Keyring keyring = replay(entries(api, tenant));
    if (!keyring.genesis().tenant().value().equals(tenant)) {
      throw refused("the server showed another tenant's keyring");
    }
    checkPin(keyring, tenant, config, terminal);
    return keyring;
  }

  /// The keyring of a tenant that was founded just now, which has to be by this very genesis, and
  /// keeps its pin. What the server calls its pin is not asked: it could be another founding's.
  public static Keyring founded(Api api, Envelope genesis, ConfigDirectory config) {
    String tenant = Genesis.parse(genesis.payloadJson()).tenant().value();
    List<ApiObject> entries = entries(api, tenant);
    Keyring keyring = replay(entries);
    if (indexOf(entries, genesis) != 0) {
      throw new Failure(
          ExitCode.FAILURE,
          "the log of %s begins with another founding than the one that was signed"
              .formatted(tenant),
          "keep this message, and do not use the tenant");
    }
    PrivateFile.replace(config.pin(tenant), keyring.pin().hex() + "\n");
    return keyring;
  }

  /// Where a change stands in the log.
  ///
  /// @param proven false while no checkpoint covers it
  public record LoggedChange(long index, boolean proven) {}

  /// The entry that this change of the keyring made, proven to be in the log. Only then may anyone
  /// say that it is in force. What takes access away is in force also while the server cannot sign:
  /// there the proof may follow.
  public static LoggedChange logged(Api api, Keyring before, Envelope change) {
    String tenant = before.genesis().tenant().value();
    List<ApiObject> entries = entries(api, tenant);
    Keyring after = replay(entries);
    long index = indexOf(entries, change);
    if (index < 0 || !after.pin().equals(before.pin())) {
      throw new Failure(
          ExitCode.FAILURE,
          "the server answered, but the keyring that it shows is without this change",
          "keep this message; lockbox log shows what the server claims");
    }
    Bytes entry = bytes(entries, index);
    if (KeyringChange.parse(change.payloadJson()).change().takesAccessAway()) {
      Optional<ProvenEntries> log = ProvenEntries.findCovering(api, after, index);
      log.ifPresent(proven -> proven.require(index, entry));
      return new LoggedChange(index, log.isPresent());
    }
    ProvenEntries.covering(api, after, index).require(index, entry);
    return new LoggedChange(index, true);
  }

  private static List<ApiObject> entries(Api api, String tenant) {
    return api.get("/v1/tenants/" + Api.encoded(tenant) + "/keyring").object().list("entries");
  }

  /// Where these very words stand, whoever of those who may has signed them; -1 if nowhere.
  private static long indexOf(List<ApiObject> entries, Envelope change) {
    for (ApiObject shown : entries) {
      LogEntry entry = LogEntry.parse(Bytes.ofBase64(shown.required("entry")));
      if (entry.body() instanceof KeyringEvent event
          && event.envelope().payloadType().equals(change.payloadType())
          && event.envelope().payload().equals(change.payload())) {
        return entry.seq();
      }
    }
    return -1;
  }

  private static Bytes bytes(List<ApiObject> entries, long index) {
    return entries.stream()
        .map(shown -> Bytes.ofBase64(shown.required("entry")))
        .filter(entry -> LogEntry.parse(entry).seq() == index)
        .findFirst()
        .orElseThrow();
  }

  static Keyring replay(List<ApiObject> entries) {
    try {
      List<KeyringStep> steps = new ArrayList<>();
      for (ApiObject shown : entries) {
        Bytes bytes = Bytes.ofBase64(shown.required("entry"));
        LogEntry entry = LogEntry.parse(bytes);
        if (!(entry.body() instanceof KeyringEvent event)) {
          throw refused("entry " + entry.seq() + " is no part of a keyring");
        }
        steps.add(event.step(entry.seq(), entry.time(), bytes.sha256()));
      }
      return switch (Keyring.replay(steps)) {
        case KeyringCheck.Valid(Keyring keyring) -> keyring;
        case KeyringCheck.Invalid(long index, String why) ->
            throw refused("the keyring is not proven at entry " + index + ": " + why);
      };
    } catch (MalformedJson | IllegalArgumentException malformed) {
      throw refused("the keyring cannot be read: " + malformed.getMessage());
    }
  }

  private static void checkPin(
      Keyring keyring, String tenant, ConfigDirectory config, Terminal terminal) {
    Path file = config.pin(tenant);
    String shown = keyring.pin().hex();
    if (!Files.exists(file)) {
      PrivateFile.replace(file, shown + "\n");
      terminal.mention("first contact with " + tenant + ": its pin " + shown);
      terminal.mention("is kept in " + file + "; compare it with the one the tenant wrote down");
      return;
    }
    String known = PrivateFile.readPublic(file, "pin").strip();
    if (!known.equals(shown)) {
      throw new Failure(
          ExitCode.FAILURE,
          "the log of "
              + tenant
              + " begins with another genesis ("
              + shown
              + ") than before ("
              + known
              + ")",
          "ask the tenant for its pin; if it founded itself anew, write the new one to " + file);
    }
  }

  private static Failure refused(String why) {
    return new Failure(ExitCode.FAILURE, why + "; nothing was signed", "lockbox tenant show");
  }
}
