package org.openlockbox.node.setup;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openlockbox.node.process.NodeFailure;
import org.openlockbox.node.process.NodeFailure.Code;

/// The script that an ACME client runs after a renewal. It hands the certificate and its key to the
/// parts of this host, which read them by themselves within seconds. Only root reads what the
/// client keeps, so the services get copies of their own.
///
/// Half a file is not taken, and what is wrong with one part keeps nothing from the others.
///
/// certbot finds it by itself; another client is told its name. A crash between key and certificate
/// leaves two that do not fit: a running node keeps what it has, and says so, until the next run.
///
/// @param from where the client renews
/// @param parts the directories that get copies
record RenewalHook(Path from, List<Path> parts) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._-]+");

  /// What it makes lies in root's directory until it is moved: in those of the services, a service
  /// that was broken into could lead root elsewhere.
  private static final String SCRIPT =
      """
      #!/bin/sh
      # Hands a renewed certificate to the services of OpenLockbox, which read it within seconds.
      # An ACME client runs this after each renewal; by hand it does no harm. `lockbox init` wrote it.
      set -eu
      from=@from@
      if ! [ "${RENEWED_LINEAGE:-$from}" -ef "$from" ]; then
          exit 0                      # certbot renewed another certificate
      fi
      umask 077
      next=$(mktemp -d @etc@/.take.XXXXXX)
      trap 'rm -rf "$next"' EXIT
      whole() {                       # a client that fails leaves half a file, or an empty one
          cat "$from/$1" >"$next/$2"
          if ! sed '/^[[:space:]]*$/d' "$next/$2" | tail -n 1 | grep -q -e "^-----END $3-----"; then
              echo "$from/$1 is not whole; nothing was taken" >&2
              exit 1
          fi
      }
      whole privkey.pem tls.key '.*PRIVATE KEY'
      whole fullchain.pem tls.pem CERTIFICATE
      hand() {
          rm -f "$next/out" && cat "$next/$2" >"$next/out" && chown --reference="$1" "$next/out" \\
              && chmod "$3" "$next/out" && mv -T "$next/out" "$1/$2"
      }
      failed=0
      for part in @parts@; do         # what is wrong with one keeps nothing from the others
          hand "$part" tls.key 600 && hand "$part" tls.pem 644 || failed=1
      done
      exit $failed
      """;

  RenewalHook {
    parts = List.copyOf(parts);
    plain(from);
    parts.forEach(RenewalHook::plain);
  }

  static Path file(HostLayout layout) {
    return layout.etc().resolve("take-certificate");
  }

  void write(HostLayout layout, HostFiles files) {
    Path script = file(layout);
    files.program(
        script,
        () ->
            SCRIPT
                .replace("@from@", plain(from))
                .replace("@etc@", plain(layout.etc()))
                .replace(
                    "@parts@",
                    parts.stream().map(RenewalHook::plain).collect(Collectors.joining(" "))));
    certbotHooks()
        .ifPresent(hooks -> files.link(hooks.resolve("openlockbox"), script.toAbsolutePath()));
  }

  /// What certbot runs after each renewal, beside the directory of its certificates.
  private Optional<Path> certbotHooks() {
    return Optional.ofNullable(from.getParent())
        .filter(live -> live.endsWith("live"))
        .map(live -> live.resolveSibling("renewal-hooks").resolve("deploy"))
        .filter(Files::isDirectory);
  }

  /// A path that a shell reads as it is written.
  private static String plain(Path path) {
    String text = path.toAbsolutePath().toString();
    if (!PLAIN.matcher(text).matches()) {
      throw new NodeFailure(
          Code.USAGE,
          "%s: a path for --acme has letters, digits, / . _ and - only".formatted(text));
    }
    return text;
  }
}
