/// How requests, limits, rules and decisions are put into words on a page.
@NullMarked
package org.openlockbox.portal.wording;

import org.jspecify.annotations.NullMarked;
