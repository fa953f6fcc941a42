package org.openlockbox.tlog;

import java.util.List;

/// Signs the checkpoints of one log with each of its keys.
public record LogSigner(List<NoteSigner> signers) {
  public LogSigner {
    signers = List.copyOf(signers);
  }

  /// What the checkpoints are verified with.
  public LogVerifier verifier() {
    return new LogVerifier(signers.stream().map(NoteSigner::verifier).toList());
  }

  /// A note with a line of each key.
  public SignedNote sign(String text) {
    return new SignedNote(text, signers.stream().map(signer -> signer.signature(text)).toList());
  }

  @Override
  public String toString() {
    return "signer of " + verifier();
  }
}
