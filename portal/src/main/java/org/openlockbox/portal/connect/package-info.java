/// How an engineer whose key is a passkey opens a service in the browser.
@NullMarked
package org.openlockbox.portal.connect;

import org.jspecify.annotations.NullMarked;
