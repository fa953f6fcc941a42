package org.openlockbox.cli.verb;

import java.util.List;
import org.openlockbox.cli.signing.KeyFiles;
import org.openlockbox.cli.terminal.Failure;
import org.openlockbox.core.signing.Envelope;
import org.openlockbox.core.signing.PrivateSigner;
import org.openlockbox.core.signing.Scheme;
import picocli.CommandLine.Option;

/// The key of the gateway authority, which is kept offline; two while one follows the other.
final class AuthorityKeys {
  @Option(
      names = "--authority",
      required = true,
      paramLabel = "FILE",
      description =
          "The key file of the gateway authority. While another one follows it, name both.")
  private List<String> names = List.of();

  Envelope sign(Envelope envelope, KeyFiles keys) {
    Envelope signed = envelope;
    for (String name : names) {
      signed = signed.signedBy(direct(keys.load(name), name));
    }
    return signed;
  }

  /// A key that can be the authority's or a gateway's.
  static PrivateSigner direct(PrivateSigner key, String file) {
    Scheme scheme = key.key().scheme();
    if (scheme != Scheme.ED25519 && scheme != Scheme.ECDSA_P256) {
      throw Failure.usage(
          file + " is no key for this: gateways and their authority sign with key files",
          "lockbox key new authority.key");
    }
    return key;
  }
}
