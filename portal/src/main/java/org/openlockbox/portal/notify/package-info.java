/// The pages of how a tenant is told what happens: its contacts, its webhooks, and what became of
/// everything it was to be told.
@NullMarked
package org.openlockbox.portal.notify;

import org.jspecify.annotations.NullMarked;
