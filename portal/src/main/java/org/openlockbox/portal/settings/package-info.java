/// How somebody wants the portal in this browser, and where else they are signed in.
@NullMarked
package org.openlockbox.portal.settings;

import org.jspecify.annotations.NullMarked;
