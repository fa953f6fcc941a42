package org.openlockbox.cli.signing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openlockbox.cli.http.Api;
import org.openlockbox.cli.http.ApiObject;
import org.openlockbox.cli.profile.ConfigDirectory;
import org.openlockbox.cli.profile.PrivateFile;
import org.openlockbox.cli.terminal.ExitCode;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.cli.terminal.Terminal;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.MalformedJson;
import org.openlockbox.core.keyring.Keyring;
import org.openlockbox.core.keyring.KeyringCheck;
import org.openlockbox.core.keyring.KeyringStep;
import org.openlockbox.core.log.KeyringEvent;
import org.openlockbox.core.log.LogEntry;

/// A tenant's keyring as its log proves it, not as the server's tables say: genesis and every
/// change since are replayed here. The pin is compared with the one this configuration knows; the
/// first time it is written down and told, as ssh does with a host's key.
public final class TenantKeyring {
  private TenantKeyring() {}

  public static Keyring fetch(Api api, String tenant, ConfigDirectory config, Terminal terminal) {
    ApiObject answer = api.get("/v1/tenants/" + Api.encoded(tenant) + "/keyring").object();
    Keyring keyring = replay(answer.list("entries"));
    if (!keyring.genesis().tenant().value().equals(tenant)) {
      throw refused("the server showed another tenant's keyring");
    }
    checkPin(keyring, tenant, config, terminal);
    return keyring;
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
