/// What components show beside words: icons, tones and initials.
@NullMarked
package org.openlockbox.portal.ui;

import org.jspecify.annotations.NullMarked;
