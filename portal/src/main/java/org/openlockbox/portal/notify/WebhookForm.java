package org.openlockbox.portal.notify;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.portal.edge.FormFaults;
import org.openlockbox.portal.edge.FormFaults.FieldFault;
import org.openlockbox.portal.edge.FormResult;
import org.openlockbox.server.notify.message.Topic;
import org.openlockbox.server.notify.webhook.Webhooks;

/// A webhook as it was typed, and what is wrong with it.
public record WebhookForm(String url, List<String> topics, FormFaults faults) {
  static final WebhookForm BLANK =
      new WebhookForm("", Topic.ofWebhooks().stream().map(Topic::word).toList(), FormFaults.NONE);

  public WebhookForm {
    url = url.strip();
    topics = List.copyOf(topics);
  }

  /// Where to call, and about what.
  record WantedWebhook(URI url, Set<Topic> topics) {}

  WebhookForm with(List<FieldFault> faults) {
    return new WebhookForm(url, topics, new FormFaults(faults));
  }

  /// By the same check of the address as in the API.
  FormResult<WantedWebhook, FieldFault> read(Webhooks webhooks) {
    var faults = new ArrayList<FieldFault>();
    var address = address(webhooks);
    if (address.isEmpty()) {
      faults.add(new FieldFault("url", "webhook.fault.url"));
    }
    var wanted =
        Topic.ofWebhooks().stream()
            .filter(topic -> topics.contains(topic.word()))
            .collect(Collectors.toSet());
    if (wanted.isEmpty() || wanted.size() != Set.copyOf(topics).size()) {
      faults.add(new FieldFault("topic", "webhook.fault.topic"));
    }
    return address.isPresent() && faults.isEmpty()
        ? new FormResult.Usable<>(new WantedWebhook(address.get(), wanted))
        : new FormResult.Faulty<>(faults);
  }

  private Optional<URI> address(Webhooks webhooks) {
    try {
      return Optional.of(webhooks.url(url));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
