package org.openlockbox.portal.keys;

import java.util.List;
import org.openlockbox.core.keyring.Genesis;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.wording.SentencePart;

/// Says what a genesis founds, made from the genesis and from nothing else.
public record FoundingWords(PageContext frame, Genesis genesis) {
  /// The founding in one sentence.
  public List<SentencePart> sentence() {
    return SentencePart.sentence(
        frame.words().pattern("founding.sentence"),
        List.of(
            genesis.name(),
            frame.say("founding.keys", genesis.keys().size()),
            frame.say("founding.people", FoundingPages.people(genesis.keys()))));
  }

  /// Whose keys they are.
  public List<KeyLine> keys() {
    return genesis.keys().stream().map(key -> KeyLine.of(frame, key)).toList();
  }

  public String quorum() {
    return quorumWords().state();
  }

  public List<String> warnings() {
    return quorumWords().warnings();
  }

  private QuorumWords quorumWords() {
    return new QuorumWords(frame, FoundingPages.people(genesis.keys()), genesis.quorum());
  }

  /// Id of the key that says which gateways may let people in on these keys' signatures.
  public String gatewayAuthority() {
    return genesis.gatewayAuthority().keyId().hex();
  }
}
