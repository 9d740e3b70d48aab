<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About XTDM</source>
        <translation>Über XTDM</translation>
    </message>
    <message>
        <source>LibRaw</source>
        <translation>LibRaw</translation>
    </message>
    <message>
        <source>looking…</source>
        <translation>wird ermittelt …</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>A RAW converter for Fujifilm X-Trans with a network that demosaics.
MIT licence.</source>
        <translation>Ein RAW-Konverter für Fujifilm X-Trans, bei dem ein Netz das Demosaicing macht.
MIT-Lizenz.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy versions and devices, for a report</source>
        <translation>Versionen und Geräte für einen Fehlerbericht kopieren</translation>
    </message>
</context>
<context>
    <name>Canvas</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message>
        <source>|A − B| × {0}, of the display&apos;s codes</source>
        <translation>|A − B| × {0}, in Stufen der Anzeige</translation>
    </message>
    <message>
        <source>The difference appears when both panes are there</source>
        <translation>Die Differenz erscheint, sobald beide Bilder da sind</translation>
    </message>
</context>
<context>
    <name>Culling</name>
    <message>
        <source>&amp;No stars</source>
        <translation>&amp;Keine Sterne</translation>
    </message>
    <message>
        <source>&amp;1 star</source>
        <translation>&amp;1 Stern</translation>
    </message>
    <message>
        <source>{0} stars</source>
        <translation>{0} Sterne</translation>
    </message>
    <message>
        <source>&amp;Pick</source>
        <translation>&amp;Auswählen</translation>
    </message>
    <message>
        <source>Re&amp;ject</source>
        <translation>Ab&amp;lehnen</translation>
    </message>
    <message>
        <source>Remove the &amp;flag</source>
        <translation>&amp;Markierung entfernen</translation>
    </message>
    <message>
        <source>Label: {0}</source>
        <translation>Farbe: {0}</translation>
    </message>
    <message>
        <source>Move the &amp;rejected away…</source>
        <translation>Abgelehnte &amp;wegräumen …</translation>
    </message>
    <message>
        <source>Rejected files</source>
        <translation>Abgelehnte Dateien</translation>
    </message>
    <message>
        <source>No file of this folder is rejected. X rejects the selected ones.</source>
        <translation>In diesem Ordner ist keine Datei abgelehnt. X lehnt die ausgewählten ab.</translation>
    </message>
    <message>
        <source>One rejected file</source>
        <translation>Eine abgelehnte Datei</translation>
    </message>
    <message>
        <source>{0} rejected files</source>
        <translation>{0} abgelehnte Dateien</translation>
    </message>
    <message>
        <source>{0}, with sidecars: move where?</source>
        <translation>{0}, samt Begleitdateien: wohin?</translation>
    </message>
    <message>
        <source>Into the folder “{0}”</source>
        <translation>In den Ordner „{0}“</translation>
    </message>
    <message>
        <source>Into the system&apos;s bin</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source> (and {0} more)</source>
        <translation> (und {0} weitere)</translation>
    </message>
</context>
<context>
    <name>DatasetDialog</name>
    <message>
        <source>Make training pictures from photographs</source>
        <translation>Trainingsbilder aus Fotos machen</translation>
    </message>
    <message>
        <source>Make training pictures from raw files</source>
        <translation>Trainingsbilder aus Rohdateien machen</translation>
    </message>
    <message>
        <source>Draw hard patterns</source>
        <translation>Testmuster zeichnen</translation>
    </message>
    <message>
        <source>Raw files</source>
        <translation>Rohdateien</translation>
    </message>
    <message>
        <source>Photographs</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Searched to any depth; nothing in it is changed</source>
        <translation>Wird mit allen Unterordnern durchsucht; nichts darin wird verändert</translation>
    </message>
    <message>
        <source>Patterns</source>
        <translation>Testmuster</translation>
    </message>
    <message>
        <source>How many: 13 kinds in turn</source>
        <translation>Wie viele: 13 Arten im Wechsel</translation>
    </message>
    <message>
        <source>Data set</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <source>The folder for what is made</source>
        <translation>Der Ordner für das Ergebnis</translation>
    </message>
    <message>
        <source>Progress of the data set</source>
        <translation>Fortschritt des Datensatzes</translation>
    </message>
    <message>
        <source>How much of the data set is made</source>
        <translation>Wie viel des Datensatzes fertig ist</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Hinweise</translation>
    </message>
    <message>
        <source>Files that could not be used, and why; other remarks</source>
        <translation>Dateien, die nicht zu gebrauchen waren, und warum; weitere Hinweise</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>Bauen</translation>
    </message>
    <message>
        <source>Begin, or continue where it was stopped</source>
        <translation>Beginnen oder weitermachen, wo angehalten wurde</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop; building the same data set again continues from there</source>
        <translation>Anhalten; denselben Datensatz noch einmal zu bauen, macht dort weiter</translation>
    </message>
    <message>
        <source>Train on it</source>
        <translation>Damit trainieren</translation>
    </message>
    <message>
        <source>Close, and put this data set into the form</source>
        <translation>Schließen und diesen Datensatz ins Formular eintragen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this window; what is built stays</source>
        <translation>Dieses Fenster schließen; was gebaut ist, bleibt</translation>
    </message>
    <message>
        <source>Pictures are reduced at least twofold, which removes the trace of their own camera&apos;s demosaicing.</source>
        <translation>Bilder werden mindestens auf die Hälfte verkleinert; das entfernt die Spuren vom Demosaicing ihrer Kamera.</translation>
    </message>
    <message>
        <source>Raw files are developed with LibRaw&apos;s best demosaicing and reduced four times.</source>
        <translation>Rohdateien werden mit LibRaws bestem Verfahren entwickelt und auf ein Viertel verkleinert.</translation>
    </message>
    <message>
        <source>Stripes, circles, text and other patterns that are hard to demosaic.</source>
        <translation>Streifen, Kreise, Schrift und andere Muster, die beim Demosaicing schwierig sind.</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Hält an …</translation>
    </message>
    <message>
        <source>{0} made, {1} there already, {2} left out, {3} could not be used.</source>
        <translation>{0} gemacht, {1} schon da, {2} ausgelassen, {3} unbrauchbar.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} von {1}</translation>
    </message>
    <message>
        <source>{0}, {1} left</source>
        <translation>{0}, noch {1}</translation>
    </message>
    <message>
        <source>The engine ended too early: please report it.</source>
        <translation>Der Rechenprozess endete zu früh: bitte melden.</translation>
    </message>
    <message>
        <source>Stopped; Build continues.</source>
        <translation>Angehalten; „Bauen“ macht weiter.</translation>
    </message>
</context>
<context>
    <name>DevelopPanel</name>
    <message>
        <source>Crop</source>
        <translation>Zuschnitt</translation>
    </message>
    <message>
        <source>Pick neutral</source>
        <translation>Graupunkt setzen</translation>
    </message>
    <message>
        <source>Paste settings</source>
        <translation>Einstellungen einfügen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Copy settings</source>
        <translation>Einstellungen kopieren</translation>
    </message>
    <message>
        <source>Paste some settings…</source>
        <translation>Einzelne Einstellungen einfügen …</translation>
    </message>
    <message>
        <source>Reset settings</source>
        <translation>Einstellungen zurücksetzen</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>Brighter or darker, in EV</source>
        <translation>Heller oder dunkler, in EV</translation>
    </message>
    <message>
        <source> EV</source>
        <translation>&#xa0;EV</translation>
    </message>
    <message>
        <source>Highlight roll-off</source>
        <translation>Lichterkompression</translation>
    </message>
    <message>
        <source>How early highlights are compressed: 0 clips at the format&apos;s ceiling,
1 is the standard, 2 begins twice as far below the ceiling</source>
        <translation>Wie früh Lichter komprimiert werden: 0 schneidet an der Grenze des Formats ab,
1 ist der Standard, 2 beginnt doppelt so weit unter der Grenze</translation>
    </message>
    <message>
        <source>Light and colour</source>
        <translation>Licht und Farbe</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Lens and crop</source>
        <translation>Objektiv und Zuschnitt</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Bildstil</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset {0}</source>
        <translation>{0} zurücksetzen</translation>
    </message>
    <message>
        <source>Tone curve</source>
        <translation>Tonwertkurve</translation>
    </message>
    <message>
        <source>Another window has changed other settings of this picture: both count.</source>
        <translation>Ein anderes Fenster hat andere Einstellungen dieses Bildes geändert: Beides gilt.</translation>
    </message>
</context>
<context>
    <name>DeviceBox</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
</context>
<context>
    <name>ErrorBar</name>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Copy all errors shown here, their tracebacks and the versions, for a report</source>
        <translation>Alle hier gemeldeten Fehler, ihre Tracebacks und die Versionen für einen Fehlerbericht kopieren</translation>
    </message>
    <message>
        <source>Show details…</source>
        <translation>Details …</translation>
    </message>
    <message>
        <source>Show what a report needs, and where the log is</source>
        <translation>Zeigt, was ein Fehlerbericht braucht und wo das Protokoll liegt</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Hide this message</source>
        <translation>Diese Meldung ausblenden</translation>
    </message>
    <message>
        <source>{0} (and {1} more)</source>
        <translation>{0} (und {1} weitere)</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>What a report needs</source>
        <translation>Was ein Fehlerbericht braucht</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Details kopieren</translation>
    </message>
    <message>
        <source>Open the log&apos;s folder</source>
        <translation>Ordner des Protokolls öffnen</translation>
    </message>
</context>
<context>
    <name>Examination</name>
    <message>
        <source>Examine</source>
        <translation>Untersuchen</translation>
    </message>
    <message>
        <source>Whether this network is fit to demosaic with, and if not, why</source>
        <translation>Ob dieses Netz zum Demosaicing taugt und wenn nicht, warum</translation>
    </message>
    <message>
        <source>Result of the examination</source>
        <translation>Ergebnis der Untersuchung</translation>
    </message>
    <message>
        <source>Examining: {0} of {1}</source>
        <translation>Wird untersucht: {0} von {1}</translation>
    </message>
    <message>
        <source>fit</source>
        <translation>geeignet</translation>
    </message>
    <message>
        <source>fit, with reservations</source>
        <translation>mit Vorbehalt geeignet</translation>
    </message>
    <message>
        <source>unfit</source>
        <translation>ungeeignet</translation>
    </message>
    <message>
        <source>Advice: {0}</source>
        <translation>Rat: {0}</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>Choose the folder for the pictures.</source>
        <translation>Bitte den Ordner für die Bilder wählen.</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>What kind of file is written</source>
        <translation>Welche Art Datei geschrieben wird</translation>
    </message>
    <message>
        <source>HDR AVIF (HLG, 10 bits)</source>
        <translation>HDR-AVIF (HLG, 10&#xa0;Bit)</translation>
    </message>
    <message>
        <source>SDR AVIF (sRGB, 10 bits)</source>
        <translation>SDR-AVIF (sRGB, 10&#xa0;Bit)</translation>
    </message>
    <message>
        <source>HDR JPEG (Ultra HDR)</source>
        <translation>HDR-JPEG (Ultra HDR)</translation>
    </message>
    <message>
        <source>TIFF (sRGB, 16 bits)</source>
        <translation>TIFF (sRGB, 16&#xa0;Bit)</translation>
    </message>
    <message>
        <source>Linear DNG (for other raw developers)</source>
        <translation>Lineares DNG (für andere Raw-Entwickler)</translation>
    </message>
    <message>
        <source>Linear TIFF (camera RGB)</source>
        <translation>Lineares TIFF (Kamera-RGB)</translation>
    </message>
    <message>
        <source>Chroma</source>
        <translation>Farbauflösung</translation>
    </message>
    <message>
        <source>4:4:4 keeps all colour detail; 4:2:0 halves it and makes smaller files</source>
        <translation>4:4:4 erhält alle Farbdetails; 4:2:0 halbiert sie und macht kleinere Dateien</translation>
    </message>
    <message>
        <source>4:4:4</source>
        <translation>4:4:4</translation>
    </message>
    <message>
        <source>4:2:0</source>
        <translation>4:2:0</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Of AVIF and JPEG, 1 to 100; AVIF 90 and JPEG 97 are hard to tell from the original</source>
        <translation>Von AVIF und JPEG, 1 bis 100; bei AVIF 90 und JPEG 97 ist kaum ein Unterschied zum Original zu sehen</translation>
    </message>
    <message>
        <source>Full size</source>
        <translation>Volle Größe</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Longer side</source>
        <translation>Längere Seite</translation>
    </message>
    <message>
        <source>The most pixels that the longer side may have</source>
        <translation>Wie viele Pixel die längere Seite höchstens hat</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>Which Exif and XMP data go into the picture</source>
        <translation>Was von Exif und XMP in das Bild kommt</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Without the location</source>
        <translation>Ohne den Ort</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Network from a file…</source>
        <translation>Netz aus einer Datei …</translation>
    </message>
    <message>
        <source>Demosaic</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>What turns the mosaic into colour</source>
        <translation>Was aus dem Mosaik Farbe macht</translation>
    </message>
    <message>
        <source>Beside the raw file</source>
        <translation>Neben der Rohdatei</translation>
    </message>
    <message>
        <source>In one folder</source>
        <translation>In einen Ordner</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Where the pictures go</source>
        <translation>Wohin die Bilder kommen</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>Choose the folder for the pictures</source>
        <translation>Den Ordner für die Bilder wählen</translation>
    </message>
    <message>
        <source>Folder for the pictures</source>
        <translation>Ordner für die Bilder</translation>
    </message>
    <message>
        <source>The folder for the pictures</source>
        <translation>Der Ordner für die Bilder</translation>
    </message>
    <message>
        <source>{0} is the raw file&apos;s name, {1} the day of the shot, {2} counts up</source>
        <translation>{0} ist der Name der Rohdatei, {1} der Tag der Aufnahme, {2} zählt hoch</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>If it exists</source>
        <translation>Falls vorhanden</translation>
    </message>
    <message>
        <source>What to do if the file already exists</source>
        <translation>Was geschieht, wenn es die Datei schon gibt</translation>
    </message>
    <message>
        <source>Add a number</source>
        <translation>Nummer anhängen</translation>
    </message>
    <message>
        <source>Skip the file</source>
        <translation>Datei auslassen</translation>
    </message>
    <message>
        <source>Overwrite it</source>
        <translation>Überschreiben</translation>
    </message>
</context>
<context>
    <name>ExportPanel</name>
    <message>
        <source>Write the files selected in the filmstrip</source>
        <translation>Die im Filmstreifen ausgewählten Dateien schreiben</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>How much of the queue is done</source>
        <translation>Wie viel der Warteschlange erledigt ist</translation>
    </message>
    <message>
        <source>Export queue</source>
        <translation>Export-Warteschlange</translation>
    </message>
    <message>
        <source>The files to write; choose some to cancel or retry them</source>
        <translation>Die zu schreibenden Dateien; ausgewählte lassen sich abbrechen oder wiederholen</translation>
    </message>
    <message>
        <source>Copy the error&apos;s details</source>
        <translation>Details des Fehlers kopieren</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Finish the current file and start no other</source>
        <translation>Die laufende Datei fertigstellen, keine weitere beginnen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the files chosen in the list, at once</source>
        <translation>Die in der Liste ausgewählten Dateien sofort abbrechen</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Cancel everything that is not done, at once</source>
        <translation>Alles sofort abbrechen, was nicht fertig ist</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Remove finished files from the list</source>
        <translation>Erledigte Dateien aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Show where the pictures are</source>
        <translation>Zeigt, wo die Bilder liegen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Export one file</source>
        <translation>Eine Datei exportieren</translation>
    </message>
    <message>
        <source>Try failed and cancelled files again: those chosen in the list, or all</source>
        <translation>Misslungene und abgebrochene Dateien noch einmal versuchen: die in der Liste ausgewählten oder alle</translation>
    </message>
    <message>
        <source>Export {0} files</source>
        <translation>{0} Dateien exportieren</translation>
    </message>
    <message>
        <source>Select files in the filmstrip to export them.</source>
        <translation>Im Filmstreifen Dateien auswählen, um sie zu exportieren.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>one file to go</source>
        <translation>noch eine Datei</translation>
    </message>
    <message>
        <source>{0} files to go</source>
        <translation>noch {0} Dateien</translation>
    </message>
    <message>
        <source>{0}, paused</source>
        <translation>{0}, pausiert</translation>
    </message>
    <message>
        <source>{0}, pausing after this file</source>
        <translation>{0}, Pause nach dieser Datei</translation>
    </message>
    <message>
        <source>{0}, {1} left</source>
        <translation>{0}, etwa {1}</translation>
    </message>
    <message>
        <source>{0} written</source>
        <translation>{0} geschrieben</translation>
    </message>
    <message>
        <source>{0}, {1} skipped</source>
        <translation>{0}, {1} übersprungen</translation>
    </message>
    <message>
        <source>{0}, {1} failed</source>
        <translation>{0}, {1} misslungen</translation>
    </message>
    <message>
        <source>{0}, {1} cancelled</source>
        <translation>{0}, {1} abgebrochen</translation>
    </message>
</context>
<context>
    <name>ExportQueue</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>written: {0}</source>
        <translation>geschrieben: {0}</translation>
    </message>
    <message>
        <source>skipped: already exists</source>
        <translation>ausgelassen: gibt es schon</translation>
    </message>
    <message>
        <source>failed: {0}</source>
        <translation>misslungen: {0}</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>beginnt</translation>
    </message>
    <message>
        <source>the engine ended too early: please report it</source>
        <translation>der Rechenprozess endete zu früh: bitte melden</translation>
    </message>
</context>
<context>
    <name>FileModel</name>
    <message>
        <source>{0} stars</source>
        <translation>{0} Sterne</translation>
    </message>
    <message>
        <source>exported</source>
        <translation>exportiert</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>misslungen</translation>
    </message>
    <message>
        <source>not exported</source>
        <translation>nicht exportiert</translation>
    </message>
    <message>
        <source>not X-Trans</source>
        <translation>kein X-Trans</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>bearbeitet</translation>
    </message>
    <message>
        <source>Taken: {0}</source>
        <translation>Aufgenommen: {0}</translation>
    </message>
    <message>
        <source>Sharpness: {0}</source>
        <translation>Schärfe: {0}</translation>
    </message>
</context>
<context>
    <name>FileView</name>
    <message>
        <source>Raw files</source>
        <translation>Rohdateien</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Open a folder of raw files, or drop one here.</source>
        <translation>Einen Ordner mit Rohdateien öffnen oder hierher ziehen.</translation>
    </message>
    <message>
        <source>&amp;Previous file</source>
        <translation>&amp;Vorige Datei</translation>
    </message>
    <message>
        <source>&amp;Next file</source>
        <translation>&amp;Nächste Datei</translation>
    </message>
    <message>
        <source>&amp;Read the folder again</source>
        <translation>Ordner neu &amp;lesen</translation>
    </message>
    <message>
        <source>{0} cannot be opened: there is no such file</source>
        <translation>{0} kann nicht geöffnet werden: es gibt keine solche Datei</translation>
    </message>
    <message>
        <source>Reading {0} of {1} …</source>
        <translation>{0} von {1} wird gelesen …</translation>
    </message>
    <message>
        <source>Open the containing &amp;folder</source>
        <translation>&amp;Ordner der Datei öffnen</translation>
    </message>
    <message>
        <source>Copy the pa&amp;th</source>
        <translation>&amp;Pfad kopieren</translation>
    </message>
    <message>
        <source>&amp;What is wrong…</source>
        <translation>&amp;Was nicht stimmt …</translation>
    </message>
    <message>
        <source>There are no RAF or DNG files in {0}</source>
        <translation>In {0} gibt es keine RAF- oder DNG-Dateien</translation>
    </message>
    <message>
        <source>No file matches the filter.</source>
        <translation>Keine Datei passt zum Filter.</translation>
    </message>
    <message>
        <source>{0} files</source>
        <translation>{0} Dateien</translation>
    </message>
    <message>
        <source>one file</source>
        <translation>eine Datei</translation>
    </message>
    <message>
        <source>{0} of {1} files</source>
        <translation>{0} von {1} Dateien</translation>
    </message>
    <message>
        <source>{0}, {1} selected</source>
        <translation>{0}, {1} ausgewählt</translation>
    </message>
</context>
<context>
    <name>FilmstripToolbar</name>
    <message>
        <source>Folder &amp;tree</source>
        <translation>Ordner&amp;baum</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Show or hide the folder tree (Ctrl+T)</source>
        <translation>Ordnerbaum zeigen oder verbergen (Strg+T)</translation>
    </message>
    <message>
        <source>&amp;Filter files</source>
        <translation>Dateien &amp;filtern</translation>
    </message>
    <message>
        <source>&amp;Recent folders</source>
        <translation>&amp;Zuletzt geöffnete Ordner</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt</translation>
    </message>
    <message>
        <source>Open one of the folders that were opened last</source>
        <translation>Einen der zuletzt geöffneten Ordner öffnen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>Sterne</translation>
    </message>
    <message>
        <source>ISO</source>
        <translation>ISO</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Objektiv</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Sort the files by name, rating, sharpness of their previews or what the camera says</source>
        <translation>Die Dateien nach Namen, Bewertung, Schärfe ihrer Vorschauen oder Angaben der Kamera sortieren</translation>
    </message>
    <message>
        <source>Name, camera, lens, iso6400 …</source>
        <translation>Name, Kamera, Objektiv, iso6400 …</translation>
    </message>
    <message>
        <source>Filter by words</source>
        <translation>Nach Wörtern filtern</translation>
    </message>
    <message>
        <source>Show only files with these words in their name, date, camera, lens, ISO or film mode (Ctrl+F)</source>
        <translation>Nur Dateien mit diesen Wörtern in Namen, Datum, Kamera, Objektiv, ISO oder Filmsimulation zeigen (Strg+F)</translation>
    </message>
    <message>
        <source>Descending</source>
        <translation>Absteigend</translation>
    </message>
    <message>
        <source>Sort the other way round</source>
        <translation>Umgekehrt sortieren</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>Alle Dateien</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>Exportiert</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>Bearbeitet</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Misslungen</translation>
    </message>
    <message>
        <source>Not exported</source>
        <translation>Nicht exportiert</translation>
    </message>
    <message>
        <source>Not X-Trans</source>
        <translation>Kein X-Trans</translation>
    </message>
    <message>
        <source>Filter by badge</source>
        <translation>Nach Kennzeichen filtern</translation>
    </message>
    <message>
        <source>Show only files with this badge</source>
        <translation>Nur Dateien mit diesem Kennzeichen zeigen</translation>
    </message>
    <message>
        <source>No folder was opened yet</source>
        <translation>Noch wurde kein Ordner geöffnet</translation>
    </message>
</context>
<context>
    <name>FoldRow</name>
    <message>
        <source>Whole frame</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Fold the whole frame instead of {0} × {0} px around the position</source>
        <translation>Das ganze Bild falten statt {0} × {0}&#xa0;px um die Stelle</translation>
    </message>
    <message>
        <source>Fold the whole frame</source>
        <translation>Das ganze Bild falten</translation>
    </message>
    <message>
        <source>The mean of each phase in flat areas, and below it the range of its colours. Unlike the table&apos;s figures these means have the noise left in: the fewer blocks, the more of it.</source>
        <translation>Der Mittelwert jeder Phase in glatten Flächen, darunter der Bereich der Farben. Anders als die Zahlen der Tabelle enthalten diese Mittelwerte noch das Rauschen: je weniger Blöcke, desto mehr.</translation>
    </message>
    <message>
        <source>raw</source>
        <translation>roh</translation>
    </message>
    <message>
        <source>pane {0}</source>
        <translation>Feld {0}</translation>
    </message>
    <message>
        <source>Folded 6×6 cell, {0}</source>
        <translation>Gefaltete 6×6-Zelle, {0}</translation>
    </message>
    <message>
        <source>The mean of each phase in flat areas: orange above, blue below the others</source>
        <translation>Mittelwert jeder Phase in glatten Flächen: orange über, blau unter den anderen</translation>
    </message>
    <message>
        <source>Folded frame, with noise</source>
        <translation>Bild gefaltet, mit Rauschen</translation>
    </message>
    <message>
        <source>Folded here, with noise</source>
        <translation>Hier gefaltet, mit Rauschen</translation>
    </message>
    <message>
        <source>codes</source>
        <translation>Stufen</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>Choose: {0}</source>
        <translation>Wählen: {0}</translation>
    </message>
</context>
<context>
    <name>FolderTree</name>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Click a folder to see its raw files</source>
        <translation>Einen Ordner anklicken, um seine Rohdateien zu sehen</translation>
    </message>
</context>
<context>
    <name>GeometryControls</name>
    <message>
        <source>Straighten</source>
        <translation>Gerade richten</translation>
    </message>
    <message>
        <source>Turns the picture clockwise; what is left of it has no empty corners</source>
        <translation>Dreht das Bild im Uhrzeigersinn; was davon bleibt, hat keine leeren Ecken</translation>
    </message>
    <message>
        <source>°</source>
        <translation>°</translation>
    </message>
    <message>
        <source>The file says nothing of this error of its lens</source>
        <translation>Die Datei sagt nichts über diesen Fehler ihres Objektivs</translation>
    </message>
    <message>
        <source>Distortion</source>
        <translation>Verzeichnung</translation>
    </message>
    <message>
        <source>Lines that the lens bends: 1 corrects all that the file says of them, 0 nothing</source>
        <translation>Linien, die das Objektiv biegt: 1 korrigiert alles, was die Datei davon sagt, 0 nichts</translation>
    </message>
    <message>
        <source>Colour fringes</source>
        <translation>Farbsäume</translation>
    </message>
    <message>
        <source>Red and blue beside edges: 1 corrects all that the file says of them, 0 nothing</source>
        <translation>Rot und Blau neben Kanten: 1 korrigiert alles, was die Datei davon sagt, 0 nichts</translation>
    </message>
    <message>
        <source>Vignetting</source>
        <translation>Vignettierung</translation>
    </message>
    <message>
        <source>Dark corners: 1 corrects all that the file says of them, 0 nothing</source>
        <translation>Dunkle Ecken: 1 korrigiert alles, was die Datei davon sagt, 0 nichts</translation>
    </message>
    <message>
        <source>Turn left</source>
        <translation>Nach links drehen</translation>
    </message>
    <message>
        <source>Turn right</source>
        <translation>Nach rechts drehen</translation>
    </message>
    <message>
        <source>Mirror from left to right</source>
        <translation>Seitenverkehrt spiegeln</translation>
    </message>
    <message>
        <source>Turn</source>
        <translation>Drehen</translation>
    </message>
    <message>
        <source>Crop</source>
        <translation>Zuschnitt</translation>
    </message>
    <message>
        <source>What is kept of the picture</source>
        <translation>Was vom Bild behalten wird</translation>
    </message>
    <message>
        <source>As in the camera</source>
        <translation>Wie in der Kamera</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Draw the crop in the picture (R)</source>
        <translation>Den Zuschnitt im Bild zeichnen (R)</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>Oben</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>The crop in percent of the whole picture</source>
        <translation>Der Zuschnitt in Prozent des ganzen Bildes</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Spiegeln</translation>
    </message>
</context>
<context>
    <name>HistogramPanel</name>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt …</translation>
    </message>
    <message>
        <source>Dynamic range of the file</source>
        <translation>Dynamikumfang der Datei</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>Logarithmisch</translation>
    </message>
    <message>
        <source>Heights are logarithms of counts: small highlights stay visible</source>
        <translation>Die Höhen sind Logarithmen der Anzahlen: kleine Lichter bleiben sichtbar</translation>
    </message>
    <message>
        <source>Logarithmic counts</source>
        <translation>Logarithmische Anzahlen</translation>
    </message>
    <message>
        <source>Of the channel&apos;s photosites, in the bin under the pointer</source>
        <translation>Anteil am Kanal, in der Klasse unter dem Zeiger</translation>
    </message>
    <message>
        <source>Show {0}. A click into the graph marks pixels of the colours that are shown.</source>
        <translation>{0} zeigen. Ein Klick ins Diagramm markiert Pixel der gezeigten Farben.</translation>
    </message>
    <message>
        <source>In this bin</source>
        <translation>In dieser Klasse</translation>
    </message>
    <message>
        <source>Photosites</source>
        <translation>Sensorpixel</translation>
    </message>
    <message>
        <source>Clipped in the raw</source>
        <translation>Im Raw geclippt</translation>
    </message>
    <message>
        <source>Photosites from 0.99 of the white level on</source>
        <translation>Sensorpixel ab 0,99 des Weißpegels</translation>
    </message>
    <message>
        <source>Above HLG&apos;s ceiling</source>
        <translation>Über der HLG-Grenze</translation>
    </message>
    <message>
        <source>Brighter than HLG can hold, more than 1.92 EV above diffuse white, and rolled off.
Per channel of the HLG picture, measured on means of 6×6 pixels without demosaicing.</source>
        <translation>Heller, als HLG fassen kann: mehr als 1,92&#xa0;EV über diffusem Weiß, und komprimiert.
Je Kanal des HLG-Bildes, gemessen an Mittelwerten von 6×6 Pixeln ohne Demosaicing.</translation>
    </message>
    <message>
        <source>At HLG&apos;s last code</source>
        <translation>Auf der letzten HLG-Stufe</translation>
    </message>
    <message>
        <source>The highest 10-bit code even after the roll-off: differences are lost there</source>
        <translation>Auch nach der Kompression die höchste 10-Bit-Stufe: dort gehen Unterschiede verloren</translation>
    </message>
    <message>
        <source>Dynamic range not stated, DR100 assumed</source>
        <translation>Dynamikumfang nicht angegeben, DR100 angenommen</translation>
    </message>
    <message>
        <source>Exposure bias {0} EV</source>
        <translation>Belichtungsversatz {0}&#xa0;EV</translation>
    </message>
    <message>
        <source>{0}: diffuse white {1}, HLG ceiling {2} (green)</source>
        <translation>{0}: diffuses Weiß {1}, HLG‑Grenze {2} (Grün)</translation>
    </message>
    <message>
        <source>{0} EV above clipping</source>
        <translation>{0}&#xa0;EV über Clipping</translation>
    </message>
    <message>
        <source>{0} EV below clipping</source>
        <translation>{0}&#xa0;EV unter Clipping</translation>
    </message>
    <message>
        <source>{0} EV and above</source>
        <translation>{0}&#xa0;EV und darüber</translation>
    </message>
    <message>
        <source>{0} to {1} EV</source>
        <translation>{0} bis {1}&#xa0;EV</translation>
    </message>
</context>
<context>
    <name>HistogramPlot</name>
    <message>
        <source>Histogram of the raw file</source>
        <translation>Histogramm der Rohdatei</translation>
    </message>
    <message>
        <source>How many photosites of each colour lie so many EV below clipping, before white balance.
The triangles at the bottom are diffuse white (filled) and the HLG ceiling (hollow) in each colour.
Click to mark the pixels; Escape, or the same click again, unmarks them.
The arrow keys move the cursor, Enter clicks.</source>
        <translation>Wie viele Sensorpixel jeder Farbe so viele EV unter Clipping liegen, vor dem Weißabgleich.
Die Dreiecke unten sind diffuses Weiß (gefüllt) und die HLG-Grenze (hohl) in jeder Farbe.
Ein Klick markiert die Pixel; Escape oder derselbe Klick noch einmal hebt es auf.
Die Pfeiltasten bewegen den Zeiger, die Eingabetaste klickt.</translation>
    </message>
    <message>
        <source>HLG ceiling</source>
        <translation>HLG-Grenze</translation>
    </message>
    <message>
        <source>diffuse white</source>
        <translation>diffuses Weiß</translation>
    </message>
    <message>
        <source>clipping</source>
        <translation>Clipping</translation>
    </message>
</context>
<context>
    <name>InspectorPanel</name>
    <message>
        <source>Spectrum of the frame, × local median</source>
        <translation>Spektrum des Bildes, × örtlicher Median</translation>
    </message>
    <message>
        <source>Worst places of the frame: click to go there</source>
        <translation>Schlimmste Stellen des Bildes: Klick führt hin</translation>
    </message>
    <message>
        <source>Magnifier of pane {0}</source>
        <translation>Lupe von Feld {0}</translation>
    </message>
    <message>
        <source>Lines: the 6×6 grid of the sensor. Marks: the colour each photosite has measured.</source>
        <translation>Linien: das 6×6-Gitter des Sensors. Marken: die Farbe, die jedes Sensorpixel gemessen hat.</translation>
    </message>
    <message>
        <source>Spectrum of the frame</source>
        <translation>Spektrum des Bildes</translation>
    </message>
    <message>
        <source>How far frequencies (cycles per px) stand out of the frame&apos;s spectrum, times the local median</source>
        <translation>Wie weit Frequenzen (Perioden je px) aus dem Spektrum des Bildes ragen, in örtlichen Medianen</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird untersucht …</translation>
    </message>
    <message>
        <source>red</source>
        <translation>rotes</translation>
    </message>
    <message>
        <source>green</source>
        <translation>grünes</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>blaues</translation>
    </message>
    <message>
        <source>x {0}, y {1}: {2} photosite, phase {3}</source>
        <translation>x {0}, y {1}: {2} Sensorpixel, Phase {3}</translation>
    </message>
    <message>
        <source>Not demosaiced yet</source>
        <translation>Noch nicht berechnet</translation>
    </message>
    <message>
        <source>None: no window&apos;s grid is surely more than chance</source>
        <translation>Keine: kein Gitter ist sicher mehr als Zufall</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Wird gemessen …</translation>
    </message>
    <message>
        <source>Waiting for a result</source>
        <translation>Wartet auf ein Ergebnis</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>In the picture</source>
        <translation>Im Bild</translation>
    </message>
    <message>
        <source>Zoom at the cursor</source>
        <translation>Am Zeiger vergrößern</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Drag, also with Space held</source>
        <translation>Ziehen, auch bei gehaltener Leertaste</translation>
    </message>
    <message>
        <source>Actual size and back</source>
        <translation>Originalgröße und zurück</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Next and previous file where all of the picture is seen, else pan</source>
        <translation>Nächste und vorige Datei, wo das ganze Bild zu sehen ist, sonst verschieben</translation>
    </message>
    <message>
        <source>Arrow keys</source>
        <translation>Pfeiltasten</translation>
    </message>
</context>
<context>
    <name>LookControls</name>
    <message>
        <source>Presets ▾</source>
        <translation>Vorgaben ▾</translation>
    </message>
    <message>
        <source>Settings for all selected pictures at once, or these saved for others</source>
        <translation>Einstellungen für alle ausgewählten Bilder auf einmal, oder diese für andere gesichert</translation>
    </message>
    <message>
        <source>Choose a look-up table</source>
        <translation>Farbtabelle (LUT) wählen</translation>
    </message>
    <message>
        <source>Use no look-up table</source>
        <translation>Keine Farbtabelle verwenden</translation>
    </message>
    <message>
        <source>What the table takes</source>
        <translation>Was die Tabelle erwartet</translation>
    </message>
    <message>
        <source>sRGB for tables made for finished pictures, else the logarithm that the table&apos;s name tells</source>
        <translation>sRGB bei Tabellen für fertige Bilder, sonst der Logarithmus, den der Name der Tabelle nennt</translation>
    </message>
    <message>
        <source>How much of the look-up table</source>
        <translation>Wie viel von der Farbtabelle</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Look-up table</source>
        <translation>Farbtabelle</translation>
    </message>
    <message>
        <source>It takes</source>
        <translation>Sie erwartet</translation>
    </message>
    <message>
        <source>Soft</source>
        <translation>Weich</translation>
    </message>
    <message>
        <source>Vivid</source>
        <translation>Lebhaft</translation>
    </message>
    <message>
        <source>Monochrome</source>
        <translation>Schwarzweiß</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Sichern unter …</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Open a preset</source>
        <translation>Vorgabe öffnen</translation>
    </message>
    <message>
        <source>Save the preset</source>
        <translation>Vorgabe sichern</translation>
    </message>
    <message>
        <source>Presets (*{0});;All files (*)</source>
        <translation>Vorgaben (*{0});;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Look-up tables (*.cube *.png *.tif *.tiff);;All files (*)</source>
        <translation>Farbtabellen (*.cube *.png *.tif *.tiff);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open a look-up table</source>
        <translation>Farbtabelle öffnen</translation>
    </message>
</context>
<context>
    <name>LookStore</name>
    <message>
        <source> (and {0} more)</source>
        <translation> (und {0} weitere)</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>XTDM</source>
        <translation>XTDM</translation>
    </message>
    <message>
        <source>Filmstrip</source>
        <translation>Filmstreifen</translation>
    </message>
    <message>
        <source>Histogram</source>
        <translation>Histogramm</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Develop</source>
        <translation>Entwickeln</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>0 to 5, 6 to 9, P, X and U now rate the photo. The views are on E, Y, Shift+Y, B and D, the other pane on A, the colour filters on M, and H hides the panels. F1 lists all keys.</source>
        <translation>0 bis 5, 6 bis 9, P, X und U bewerten jetzt das Foto. Die Ansichten liegen auf E, Y, Umschalt+Y, B und D, die andere Seite auf A, die Farbfilter auf M, und H blendet die Bedienfelder aus. F1 zeigt alle Tasten.</translation>
    </message>
    <message>
        <source>Values at the cursor</source>
        <translation>Werte am Zeiger</translation>
    </message>
    <message>
        <source>Progress of the picture</source>
        <translation>Fortschritt des Bildes</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Cancel the export</source>
        <translation>Export abbrechen</translation>
    </message>
    <message>
        <source>There are no RAF or DNG files in {0}</source>
        <translation>In {0} gibt es keine RAF- oder DNG-Dateien</translation>
    </message>
    <message>
        <source>The training ended: {0}</source>
        <translation>Das Training endete: {0}</translation>
    </message>
    <message>
        <source>{0} was not exported: {1}</source>
        <translation>{0} wurde nicht exportiert: {1}</translation>
    </message>
    <message>
        <source>{0} – {1} – XTDM</source>
        <translation>{0} – {1} – XTDM</translation>
    </message>
    <message>
        <source>Open a folder of raw files</source>
        <translation>Ordner mit Rohdateien öffnen</translation>
    </message>
    <message>
        <source>Raw files ({0})</source>
        <translation>Rohdateien ({0})</translation>
    </message>
    <message>
        <source>Open a raw file</source>
        <translation>Rohdatei öffnen</translation>
    </message>
    <message>
        <source>Files are still being exported. Stop and quit?
What is written stays; nothing is left half-written.</source>
        <translation>Es werden noch Dateien exportiert. Anhalten und beenden?
Geschriebenes bleibt; nichts bleibt halb geschrieben zurück.</translation>
    </message>
    <message>
        <source>Export is running</source>
        <translation>Der Export läuft</translation>
    </message>
    <message>
        <source>A network is being trained, or a data set built. Stop and quit?
What is done is saved and can be continued later.</source>
        <translation>Ein Netz wird trainiert oder ein Datensatz gebaut. Anhalten und beenden?
Was fertig ist, wird gespeichert; später geht es damit weiter.</translation>
    </message>
    <message>
        <source>Training is running</source>
        <translation>Das Training läuft</translation>
    </message>
    <message>
        <source>An export was interrupted: one file is missing. Write it now?</source>
        <translation>Ein Export wurde unterbrochen: Eine Datei fehlt. Jetzt schreiben?</translation>
    </message>
    <message>
        <source>An export was interrupted: {0} files are missing. Write them now?</source>
        <translation>Ein Export wurde unterbrochen: {0} Dateien fehlen. Jetzt schreiben?</translation>
    </message>
    <message>
        <source>Interrupted export</source>
        <translation>Unterbrochener Export</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>Anhalten und beenden</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>Weiterlaufen lassen</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Open folder…</source>
        <translation>Ordner ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>Open &amp;file…</source>
        <translation>&amp;Datei öffnen …</translation>
    </message>
    <message>
        <source>&amp;Export the selection</source>
        <translation>Auswahl &amp;exportieren</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>E&amp;instellungen …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Pan&amp;els</source>
        <translation>Bedien&amp;felder</translation>
    </message>
    <message>
        <source>Picture &amp;without panels</source>
        <translation>Bedienfelder au&amp;sblenden</translation>
    </message>
    <message>
        <source>Befo&amp;re and after</source>
        <translation>&amp;Vorher und nachher</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>V&amp;ollbild</translation>
    </message>
    <message>
        <source>&amp;Photo</source>
        <translation>F&amp;oto</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>O&amp;verview of all files</source>
        <translation>Übersic&amp;ht aller Dateien</translation>
    </message>
    <message>
        <source>&amp;Keys and mouse</source>
        <translation>&amp;Tasten und Maus</translation>
    </message>
    <message>
        <source>Open the &amp;log&apos;s folder</source>
        <translation>Ordner des &amp;Protokolls öffnen</translation>
    </message>
    <message>
        <source>&amp;About XTDM</source>
        <translation>&amp;Über XTDM</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>All files of the folder in the whole window (G)</source>
        <translation>Alle Dateien des Ordners im ganzen Fenster (G)</translation>
    </message>
    <message>
        <source>&amp;Browse</source>
        <translation>S&amp;ichten</translation>
    </message>
    <message>
        <source>6×6 i&amp;nspector</source>
        <translation>6×6-Ins&amp;pektor</translation>
    </message>
    <message>
        <source>E&amp;xport</source>
        <translation>E&amp;xport</translation>
    </message>
    <message>
        <source>&amp;Training</source>
        <translation>&amp;Training</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>NetworkChoice</name>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>The weights that demosaic; any checkpoint can be chosen from a file</source>
        <translation>Die Gewichte für das Demosaicing; jeder Checkpoint kann aus einer Datei gewählt werden</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>{0} (built in)</source>
        <translation>„{0}“ (eingebaut)</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where the network runs; automatic takes a graphics card where there is one</source>
        <translation>Wo das Netz rechnet; „Automatisch“ nimmt eine Grafikkarte, wo es eine gibt</translation>
    </message>
</context>
<context>
    <name>NetworkPicker</name>
    <message>
        <source>Open a checkpoint</source>
        <translation>Checkpoint öffnen</translation>
    </message>
    <message>
        <source>Checkpoints ({0});;All files (*)</source>
        <translation>Checkpoints ({0});;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>NoiseSliders</name>
    <message>
        <source>Denoise</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Grain</source>
        <translation>Korn</translation>
    </message>
    <message>
        <source>This network was not trained to remove noise: choose another one below</source>
        <translation>Dieses Netz wurde nicht zum Entrauschen trainiert: unten ein anderes wählen</translation>
    </message>
    <message>
        <source>How much of the noise the network removes: 1 is what the file shows, 0 leaves all of it</source>
        <translation>Wie viel vom Rauschen das Netz entfernt: 1 ist, was die Datei zeigt, 0 lässt alles stehen</translation>
    </message>
    <message>
        <source>How much of the removed noise comes back as grey grain, with fine detail that was taken for noise</source>
        <translation>Wie viel vom entfernten Rauschen als graues Korn zurückkommt, mit feinen Details, die für Rauschen gehalten wurden</translation>
    </message>
</context>
<context>
    <name>OutputHistogram</name>
    <message>
        <source>Waiting for a result</source>
        <translation>Wartet auf ein Ergebnis</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Kein Bild</translation>
    </message>
    <message>
        <source>At code 0:  {0}
At code 255:  {1}</source>
        <translation>Bei Code 0:  {0}
Bei Code 255:  {1}</translation>
    </message>
</context>
<context>
    <name>PaneHeader</name>
    <message>
        <source>What pane {0} shows</source>
        <translation>Was Feld {0} zeigt</translation>
    </message>
    <message>
        <source>Choose what pane {0} shows</source>
        <translation>Wählen, was Feld {0} zeigt</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Vergrößerung</translation>
    </message>
    <message>
        <source>Screen pixels for a pixel of the picture</source>
        <translation>Bildschirmpixel je Pixel des Bildes</translation>
    </message>
    <message>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <source>LibRaw</source>
        <translation>LibRaw</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Other checkpoint…</source>
        <translation>Anderer Checkpoint …</translation>
    </message>
</context>
<context>
    <name>PasteDialog</name>
    <message>
        <source>Paste settings</source>
        <translation>Einstellungen einfügen</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>Weißabgleich</translation>
    </message>
    <message>
        <source>Highlight roll-off</source>
        <translation>Lichterkompression</translation>
    </message>
    <message>
        <source>Denoise and grain</source>
        <translation>Entrauschen und Korn</translation>
    </message>
    <message>
        <source>Tones and saturation</source>
        <translation>Tonwerte und Sättigung</translation>
    </message>
    <message>
        <source>Look-up table</source>
        <translation>Farbtabelle</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Objektiv</translation>
    </message>
    <message>
        <source>Crop and turns</source>
        <translation>Zuschnitt und Drehung</translation>
    </message>
    <message>
        <source>What of the copied settings is pasted:</source>
        <translation>Was von den kopierten Einstellungen eingefügt wird:</translation>
    </message>
    <message>
        <source>Paste: {0}</source>
        <translation>Einfügen: {0}</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
</context>
<context>
    <name>PlaceList</name>
    <message>
        <source>Worst places</source>
        <translation>Schlimmste Stellen</translation>
    </message>
    <message>
        <source>Windows of {0} px with the strongest grid; click or press Enter to go there</source>
        <translation>Ausschnitte von {0}&#xa0;px mit dem stärksten Gitter; Klick oder Eingabetaste führt hin</translation>
    </message>
    <message>
        <source>{0}   {1} codes   x {2}, y {3}</source>
        <translation>{0}   {1} Stufen   x {2}, y {3}</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>Validation crops</source>
        <translation>Prüfausschnitte</translation>
    </message>
    <message>
        <source>Validation crops, enlarged</source>
        <translation>Prüfausschnitte, vergrößert</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Earlier and later in the training; the arrow keys go one by one</source>
        <translation>Früher und später im Training; die Pfeiltasten gehen einzeln</translation>
    </message>
    <message>
        <source>Step {0}: truth above, network below</source>
        <translation>Schritt {0}: oben die Wahrheit, unten das Netz</translation>
    </message>
</context>
<context>
    <name>PreviewSheet</name>
    <message>
        <source>truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Pictures set aside: the truth above, what the network makes of them below.</source>
        <translation>Beiseitegelegte Bilder: oben die Wahrheit, unten, was das Netz daraus macht.</translation>
    </message>
</context>
<context>
    <name>PreviewThumb</name>
    <message>
        <source>Validation crops</source>
        <translation>Prüfausschnitte</translation>
    </message>
</context>
<context>
    <name>RatingFilterButton</name>
    <message>
        <source>Filter by rating</source>
        <translation>Nach Bewertung filtern</translation>
    </message>
    <message>
        <source>Show only files with these stars, flags or labels</source>
        <translation>Nur Dateien mit diesen Sternen, Markierungen oder Farben zeigen</translation>
    </message>
    <message>
        <source>Any stars</source>
        <translation>Alle Sterne</translation>
    </message>
    <message>
        <source> and more</source>
        <translation> und mehr</translation>
    </message>
    <message>
        <source>Any flag</source>
        <translation>Alle Markierungen</translation>
    </message>
    <message>
        <source>Picked</source>
        <translation>Ausgewählt</translation>
    </message>
    <message>
        <source>Not rejected</source>
        <translation>Nicht abgelehnt</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Abgelehnt</translation>
    </message>
    <message>
        <source>Without a flag</source>
        <translation>Ohne Markierung</translation>
    </message>
    <message>
        <source>Any label</source>
        <translation>Alle Farben</translation>
    </message>
</context>
<context>
    <name>Ratings</name>
    <message>
        <source> (and {0} more)</source>
        <translation> (und {0} weitere)</translation>
    </message>
</context>
<context>
    <name>ScoreTable</name>
    <message>
        <source>What repeats with the sensor&apos;s period in flat areas, noise taken off</source>
        <translation>Was sich in glatten Flächen mit der Periode des Sensors wiederholt, ohne das Rauschen</translation>
    </message>
    <message>
        <source>rms less noise</source>
        <translation>RMS, rauschfrei</translation>
    </message>
    <message>
        <source>here</source>
        <translation>hier</translation>
    </message>
    <message>
        <source>In {0} × {0} px around the position, as in the list of places</source>
        <translation>In {0} × {0}&#xa0;px um die Stelle, wie in der Liste der Stellen</translation>
    </message>
    <message>
        <source>frame</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>In the flattest half of the frame</source>
        <translation>In der glattesten Hälfte des Bildes</translation>
    </message>
    <message>
        <source>peak</source>
        <translation>Spitze</translation>
    </message>
    <message>
        <source>The strongest frequency of the grid, times its surroundings in the spectrum</source>
        <translation>Die stärkste Frequenz des Gitters, verglichen mit ihrer Umgebung im Spektrum</translation>
    </message>
    <message>
        <source>the raw itself</source>
        <translation>Raw</translation>
    </message>
    <message>
        <source>the raw, relative</source>
        <translation>Raw, relativ</translation>
    </message>
    <message>
        <source>Without a truth, picture detail of nearly this period counts too: trust flat places.</source>
        <translation>Ohne Vorlage zählen auch Bilddetails mit ähnlicher Periode: Verlass ist auf glatte Stellen.</translation>
    </message>
    <message>
        <source>These figures are not errors. They show what repeats with the sensor&apos;s period in the result itself, in the flattest half of it. In smooth places that is the grid of demosaicing. Where even that half has texture of nearly that period, the picture itself counts too, and a result that keeps more of the texture has the higher figure. The figures of README and of “xtdm evaluate” are errors against a known truth and do not compare with these.</source>
        <translation>Diese Zahlen sind keine Fehler. Sie zeigen, was sich im Ergebnis selbst mit der Periode des Sensors wiederholt, in dessen glattester Hälfte. An glatten Stellen ist das das Gitter des Demosaicings. Hat selbst diese Hälfte Textur mit ähnlicher Periode, gehört das Bild dazu, und ein Ergebnis, das mehr davon erhält, hat die höhere Zahl. Die Zahlen der README und von „xtdm evaluate“ sind Fehler gegen eine bekannte Vorlage und mit diesen nicht vergleichbar.</translation>
    </message>
    <message>
        <source>codes</source>
        <translation>Stufen</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>Gruppen von Einstellungen</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>Berechnung</translation>
    </message>
    <message>
        <source>Dark grey</source>
        <translation>Dunkelgrau</translation>
    </message>
    <message>
        <source>Darker grey</source>
        <translation>Dunkleres Grau</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Neutral greys do not change how colours are seen</source>
        <translation>Neutrale Grautöne verändern die Wahrnehmung der Farben nicht</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Changes at the next start</source>
        <translation>Ändert sich beim nächsten Start</translation>
    </message>
    <message>
        <source>None: sRGB</source>
        <translation>Keines: sRGB</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Monitor profile</source>
        <translation>Monitorprofil</translation>
    </message>
    <message>
        <source>The ICC profile of the monitor that shows pictures</source>
        <translation>Das ICC-Profil des Monitors, der die Bilder zeigt</translation>
    </message>
    <message>
        <source>Thumbnails on the disk</source>
        <translation>Vorschaubilder auf der Festplatte</translation>
    </message>
    <message>
        <source>Above this size the oldest are removed</source>
        <translation>Darüber hinaus werden die ältesten entfernt</translation>
    </message>
    <message>
        <source>Language and thumbnails change at the next start.</source>
        <translation>Sprache und Vorschaubilder ändern sich beim nächsten Start.</translation>
    </message>
    <message>
        <source>Where the network runs; automatic takes a graphics card where there is one</source>
        <translation>Wo das Netz rechnet; „Automatisch“ nimmt eine Grafikkarte, wo es eine gibt</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Memory for pictures</source>
        <translation>Speicher für Bilder</translation>
    </message>
    <message>
        <source>For pictures the viewer keeps ready</source>
        <translation>Für Bilder, die der Betrachter bereithält</translation>
    </message>
    <message>
        <source>{0} px</source>
        <translation>{0}&#xa0;px</translation>
    </message>
    <message>
        <source>Tiles</source>
        <translation>Kacheln</translation>
    </message>
    <message>
        <source>Smaller ones need less memory and more time</source>
        <translation>Kleinere brauchen weniger Speicher und mehr Zeit</translation>
    </message>
    <message>
        <source>ICC profiles (*.icc *.icm)</source>
        <translation>ICC-Profile (*.icc *.icm)</translation>
    </message>
</context>
<context>
    <name>ShotPanel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Rating</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Objektiv</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>ISO</source>
        <translation>ISO</translation>
    </message>
    <message>
        <source>Film mode</source>
        <translation>Filmsimulation</translation>
    </message>
    <message>
        <source>Dynamic range</source>
        <translation>Dynamikbereich</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>Dateigröße</translation>
    </message>
    <message>
        <source>picked</source>
        <translation>ausgewählt</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
</context>
<context>
    <name>StatusProgress</name>
    <message>
        <source>{0}, {1} left</source>
        <translation>{0}, noch {1}</translation>
    </message>
</context>
<context>
    <name>ToneControls</name>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>Neutral</translation>
    </message>
    <message>
        <source>Tone curve</source>
        <translation>Tonwertkurve</translation>
    </message>
    <message>
        <source>Standard begins where a camera&apos;s JPEG does, neutral is what a display shows of the HLG picture</source>
        <translation>Standard beginnt, wo das JPEG einer Kamera beginnt, Neutral ist, was ein Bildschirm vom HLG-Bild zeigt</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>Steeper or flatter tones around 18 % grey, which stays</source>
        <translation>Steilere oder flachere Tonwerte um 18 % Grau, das bleibt</translation>
    </message>
    <message>
        <source>Highlights</source>
        <translation>Lichter</translation>
    </message>
    <message>
        <source>What is more than half a stop brighter than grey</source>
        <translation>Was mehr als eine halbe Blende heller als Grau ist</translation>
    </message>
    <message>
        <source>Shadows</source>
        <translation>Schatten</translation>
    </message>
    <message>
        <source>What is more than half a stop darker than grey</source>
        <translation>Was mehr als eine halbe Blende dunkler als Grau ist</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>Schwarz</translation>
    </message>
    <message>
        <source>Higher lifts the deepest shadows, lower takes haze away</source>
        <translation>Höher hebt die tiefsten Schatten, niedriger nimmt Schleier weg</translation>
    </message>
    <message>
        <source>Saturation</source>
        <translation>Sättigung</translation>
    </message>
    <message>
        <source>How colourful all colours are; the lowest value is grey</source>
        <translation>Wie bunt alle Farben sind; der kleinste Wert ist grau</translation>
    </message>
    <message>
        <source>Vibrance</source>
        <translation>Dynamik</translation>
    </message>
    <message>
        <source>How colourful pale colours are; skin changes less</source>
        <translation>Wie bunt blasse Farben sind; Haut ändert sich weniger</translation>
    </message>
</context>
<context>
    <name>TrainCurves</name>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>How far the network is from the truth in training; lower is better</source>
        <translation>Wie weit das Netz im Training von der Wahrheit entfernt ist; weniger ist besser</translation>
    </message>
    <message>
        <source>The curve begins after the first steps.</source>
        <translation>Die Kurve beginnt nach den ersten Schritten.</translation>
    </message>
    <message>
        <source>The curve begins when the network is first measured on the pictures set aside.</source>
        <translation>Die Kurve beginnt, wenn das Netz zum ersten Mal an den beiseitegelegten Bildern gemessen wird.</translation>
    </message>
    <message>
        <source>PSNR</source>
        <translation>PSNR</translation>
    </message>
    <message>
        <source>dB</source>
        <translation>dB</translation>
    </message>
    <message>
        <source>6×6 grid</source>
        <translation>6×6-Gitter</translation>
    </message>
    <message>
        <source>8-bit codes</source>
        <translation>8-Bit-Stufen</translation>
    </message>
    <message>
        <source>photographs</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>raws</source>
        <translation>Rohbilder</translation>
    </message>
    <message>
        <source>hard patterns</source>
        <translation>Testmuster</translation>
    </message>
    <message>
        <source>rehearsal</source>
        <translation>Auffrischung</translation>
    </message>
    <message>
        <source>On the pictures set aside, by their source; higher is better</source>
        <translation>Auf den beiseitegelegten Bildern, nach Herkunft; mehr ist besser</translation>
    </message>
    <message>
        <source>The pattern with the sensor&apos;s period in the error, by source; lower is better</source>
        <translation>Das Muster mit der Periode des Sensors im Fehler, nach Herkunft; weniger ist besser</translation>
    </message>
</context>
<context>
    <name>TrainForm</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>The folder for weights, state, log and previews</source>
        <translation>Der Ordner für Gewichte, Zustand, Protokoll und Ausschnitte</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>New run</source>
        <translation>Neuer Lauf</translation>
    </message>
    <message>
        <source>A new folder, for a run from the start</source>
        <translation>Ein neuer Ordner für einen Lauf von vorn</translation>
    </message>
    <message>
        <source>Choose photographs or raw pictures to train on, or build them.</source>
        <translation>Bitte Fotos oder Rohbilder zum Trainieren wählen oder bauen.</translation>
    </message>
    <message>
        <source>{0}: there is no such folder.</source>
        <translation>{0}: Diesen Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>{0}: there is no such checkpoint.</source>
        <translation>{0}: Diesen Checkpoint gibt es nicht.</translation>
    </message>
    <message>
        <source>Choose the folder for the run.</source>
        <translation>Bitte den Ordner für den Lauf wählen.</translation>
    </message>
    <message>
        <source>Photographs</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>A folder of pictures without traces of their demosaicing; Build… makes them from any pictures</source>
        <translation>Ein Ordner mit Bildern ohne Spuren ihres eigenen Demosaicings; „Bauen …“ macht sie aus beliebigen Bildern</translation>
    </message>
    <message>
        <source>Raws</source>
        <translation>Rohbilder</translation>
    </message>
    <message>
        <source>A data set made from raw files; Build… makes one from a folder of RAF files</source>
        <translation>Ein Datensatz aus Rohdateien; „Bauen …“ macht einen aus einem Ordner mit RAF-Dateien</translation>
    </message>
    <message>
        <source>drawn at the start</source>
        <translation>neu gezeichnet</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Which kind of network, and the numbers below</source>
        <translation>Welche Art Netz, und die Zahlen darunter</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>What the network knows when the run begins</source>
        <translation>Was das Netz zu Beginn des Laufs schon kann</translation>
    </message>
    <message>
        <source>{0} (built in)</source>
        <translation>„{0}“ (eingebaut)</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei …</translation>
    </message>
    <message>
        <source>Hard patterns</source>
        <translation>Testmuster</translation>
    </message>
    <message>
        <source>Fine lines, checks, circles, text: what demosaicing fails on first, and photographs hold little of. Some are always mixed in; without a data set of them they are drawn when the run starts.</source>
        <translation>Feine Linien, Karos, Kreise, Schrift: woran Demosaicing zuerst scheitert und wovon Fotos wenig enthalten. Einige werden immer beigemischt; ohne einen Datensatz davon werden sie beim Start neu gezeichnet.</translation>
    </message>
    <message>
        <source>Rehearsal</source>
        <translation>Auffrischung</translation>
    </message>
    <message>
        <source>Half of the training repeats what trained weights know, so that they do not forget it over your pictures. Choose photographs like those they learned from; without any, nothing is repeated.</source>
        <translation>Die Hälfte des Trainings frischt auf, was trainierte Gewichte schon können, damit sie es über Ihren Bildern nicht verlernen. Wählen Sie Fotos wie die, aus denen sie gelernt haben; ohne solche wird nichts aufgefrischt.</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>How long it trains, in batches</source>
        <translation>Wie lange trainiert wird, in Stapeln</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Patches per step; fewer need less memory</source>
        <translation>Ausschnitte je Schritt; weniger brauchen weniger Speicher</translation>
    </message>
    <message>
        <source>How far each step goes; trained weights need a lower one</source>
        <translation>Wie weit jeder Schritt geht; trainierte Gewichte brauchen eine kleinere</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where it trains; automatic takes a graphics card where there is one</source>
        <translation>Wo trainiert wird; „Automatisch“ nimmt eine Grafikkarte, wo es eine gibt</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Estimated from how fast such runs were on this computer</source>
        <translation>Geschätzt danach, wie schnell solche Läufe auf diesem Rechner waren</translation>
    </message>
    <message>
        <source>Build {0}</source>
        <translation>{0} bauen</translation>
    </message>
    <message>
        <source>Build…</source>
        <translation>Bauen …</translation>
    </message>
    <message>
        <source>Make such a data set</source>
        <translation>Einen solchen Datensatz machen</translation>
    </message>
    <message>
        <source>known soon after the start</source>
        <translation>steht kurz nach dem Start fest</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>etwa {0}</translation>
    </message>
    <message>
        <source>{0} (the preset&apos;s)</source>
        <translation>{0} (aus der Vorgabe)</translation>
    </message>
    <message>
        <source>From scratch</source>
        <translation>Von vorn</translation>
    </message>
</context>
<context>
    <name>TrainPanel</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Train with these settings, or continue the run</source>
        <translation>Mit diesen Einstellungen trainieren oder den Lauf fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Finish the current step, save everything and end; Resume continues the run</source>
        <translation>Den laufenden Schritt beenden, alles speichern und aufhören; „Fortsetzen“ macht weiter</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Use in viewer</source>
        <translation>Im Betrachter zeigen</translation>
    </message>
    <message>
        <source>Show what the best weights so far make of the picture</source>
        <translation>Zeigen, was die bisher besten Gewichte aus dem Bild machen</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
        <source>How much of the training is done</source>
        <translation>Wie viel des Trainings geschafft ist</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Log of the training</source>
        <translation>Protokoll des Trainings</translation>
    </message>
    <message>
        <source>Messages of the training; one line for each validation</source>
        <translation>Meldungen des Trainings; eine Zeile je Prüfung</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Set-up</source>
        <translation>Einrichten</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>startet</translation>
    </message>
    <message>
        <source>Finishing the current step and saving…</source>
        <translation>Beendet den laufenden Schritt und speichert …</translation>
    </message>
    <message>
        <source>The best weights are those that the run began with: they are not put to use.</source>
        <translation>Die besten Gewichte sind die, mit denen der Lauf begann: Sie werden nicht übernommen.</translation>
    </message>
    <message>
        <source>The viewer shows it, and exports use it until another network is chosen.</source>
        <translation>Der Betrachter zeigt es, und Exporte nutzen es, bis ein anderes Netz gewählt wird.</translation>
    </message>
    <message>
        <source>The engine ended too early: please report it.</source>
        <translation>Der Rechenprozess endete zu früh: bitte melden.</translation>
    </message>
    <message>
        <source>Stopped at step {0}, before anything was saved.</source>
        <translation>Angehalten bei Schritt {0}, bevor etwas gespeichert war.</translation>
    </message>
    <message>
        <source>{0}: {1} of {2}</source>
        <translation>{0}: {1} von {2}</translation>
    </message>
    <message>
        <source>step {0} of {1}</source>
        <translation>Schritt {0} von {1}</translation>
    </message>
    <message>
        <source>This folder holds an unfinished run: step {0} of {1}.</source>
        <translation>In diesem Ordner liegt ein unfertiger Lauf: Schritt {0} von {1}.</translation>
    </message>
    <message>
        <source>loss {0}</source>
        <translation>Verlust {0}</translation>
    </message>
    <message>
        <source>{0} {1} dB</source>
        <translation>{0} {1}&#xa0;dB</translation>
    </message>
    <message>
        <source>grid {0} {1}</source>
        <translation>Gitter {0} {1}</translation>
    </message>
    <message>
        <source>step {0}: {1}</source>
        <translation>Schritt {0}: {1}</translation>
    </message>
    <message>
        <source>This run is finished. New begins another; more steps continue this one.</source>
        <translation>Dieser Lauf ist fertig. „Neu“ beginnt einen weiteren; mehr Schritte setzen diesen fort.</translation>
    </message>
    <message>
        <source>{0}, {1} left</source>
        <translation>{0}, noch {1}</translation>
    </message>
    <message>
        <source>End at once; Resume continues from the last save</source>
        <translation>Sofort beenden; „Fortsetzen“ macht dort weiter, wo zuletzt gesichert wurde</translation>
    </message>
    <message>
        <source>Stopped; Resume continues from the last save.</source>
        <translation>Angehalten; „Fortsetzen“ macht dort weiter, wo zuletzt gesichert wurde.</translation>
    </message>
    <message>
        <source>Paused at step {0}; Resume continues the run.</source>
        <translation>Pausiert bei Schritt {0}; „Fortsetzen“ macht weiter.</translation>
    </message>
    <message>
        <source>Finished after one step.</source>
        <translation>Fertig nach einem Schritt.</translation>
    </message>
    <message>
        <source>Finished after {0} steps.</source>
        <translation>Fertig nach {0} Schritten.</translation>
    </message>
    <message>
        <source>New begins another run; more steps continue this one.</source>
        <translation>„Neu“ beginnt einen weiteren Lauf; mehr Schritte setzen diesen fort.</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>The best weights reach {0} dB on {1}.</source>
        <translation>Die besten Gewichte erreichen {0} dB ({1}).</translation>
    </message>
    <message>
        <source>Better than the start on {0} ({1} → {2} dB).</source>
        <translation>Besser als der Anfang bei: {0} ({1} → {2} dB).</translation>
    </message>
    <message>
        <source>Not better than the start on {0} ({1} → {2} dB): more pictures or steps may help.</source>
        <translation>Nicht besser als der Anfang bei: {0} ({1} → {2} dB): Mehr Bilder oder Schritte helfen vielleicht.</translation>
    </message>
</context>
<context>
    <name>ValueSlider</name>
    <message>
        <source>Double click to reset</source>
        <translation>Doppelklick setzt zurück</translation>
    </message>
    <message>
        <source>{0}, slider</source>
        <translation>{0}, Regler</translation>
    </message>
    <message>
        <source>Reset {0}</source>
        <translation>{0} zurücksetzen</translation>
    </message>
</context>
<context>
    <name>Viewer</name>
    <message>
        <source>Viewer</source>
        <translation>Betrachter</translation>
    </message>
    <message>
        <source>cannot be shown</source>
        <translation>kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>{0} % there, the rest is as before</source>
        <translation>{0}&#xa0;% da, der Rest ist wie zuvor</translation>
    </message>
    <message>
        <source>{0} % there, the rest is the embedded JPEG</source>
        <translation>{0}&#xa0;% da, der Rest ist das eingebettete JPEG</translation>
    </message>
    <message>
        <source>{0} % there</source>
        <translation>{0}&#xa0;% da</translation>
    </message>
    <message>
        <source>&amp;Fit the window</source>
        <translation>&amp;Einpassen</translation>
    </message>
    <message>
        <source>&amp;Actual size (1:1)</source>
        <translation>O&amp;riginalgröße (1:1)</translation>
    </message>
    <message>
        <source>{0}:1</source>
        <translation>{0}:1</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>Ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>&amp;Single</source>
        <translation>Ein&amp;zeln</translation>
    </message>
    <message>
        <source>Side b&amp;y side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>S&amp;plit</source>
        <translation>Getei&amp;lt</translation>
    </message>
    <message>
        <source>Blin&amp;k</source>
        <translation>&amp;Blinken</translation>
    </message>
    <message>
        <source>&amp;Difference</source>
        <translation>&amp;Differenz</translation>
    </message>
    <message>
        <source>S&amp;how the other pane</source>
        <translation>Das &amp;andere Feld zeigen</translation>
    </message>
    <message>
        <source>Difference: a&amp;mplify more</source>
        <translation>Differenz: &amp;mehr verstärken</translation>
    </message>
    <message>
        <source>Difference: amplify &amp;less</source>
        <translation>Differenz: &amp;weniger verstärken</translation>
    </message>
    <message>
        <source>&amp;Clipped photosites</source>
        <translation>Ge&amp;clippte Sensorpixel</translation>
    </message>
    <message>
        <source>What the output clips (sRGB)</source>
        <translation>Was die Ausgabe clippt (sRGB)</translation>
    </message>
    <message>
        <source>Colour filters and 6×6 &amp;grid (from 8:1 on)</source>
        <translation>Farbfilter &amp;und 6×6-Gitter (ab 8:1)</translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation>Clipping</translation>
    </message>
    <message>
        <source>Mark the photosites that clip, each in its colour (O)</source>
        <translation>Geclippte Sensorpixel markieren, jedes in seiner Farbe (O)</translation>
    </message>
</context>
<context>
    <name>WhiteBalanceControls</name>
    <message>
        <source>As shot</source>
        <translation>Wie Aufnahme</translation>
    </message>
    <message>
        <source>Daylight</source>
        <translation>Tageslicht</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigener</translation>
    </message>
    <message>
        <source>White balance</source>
        <translation>Weißabgleich</translation>
    </message>
    <message>
        <source>The camera&apos;s balance, the sensor&apos;s for daylight, or your own</source>
        <translation>Der Abgleich der Kamera, der des Sensors für Tageslicht, oder ein eigener</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>Pipette</translation>
    </message>
    <message>
        <source>Pick neutral</source>
        <translation>Graupunkt setzen</translation>
    </message>
    <message>
        <source>Then click a spot in the picture that should be grey (Escape ends it)</source>
        <translation>Danach eine Stelle im Bild anklicken, die grau sein soll (Escape beendet es)</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>Of the light that is to look white: higher makes the picture warmer</source>
        <translation>Farbtemperatur des Lichts, das weiß erscheinen soll: höher macht das Bild wärmer</translation>
    </message>
    <message>
        <source> K</source>
        <translation>&#xa0;K</translation>
    </message>
    <message>
        <source>Tint</source>
        <translation>Tönung</translation>
    </message>
    <message>
        <source>Higher makes the picture more magenta, lower more green</source>
        <translation>Höher macht das Bild magentafarbener, niedriger grüner</translation>
    </message>
</context>
<context>
    <name>XtdmProcess</name>
    <message>
        <source>the engine cannot be started ({0}): install XTDM again</source>
        <translation>der Rechenprozess kann nicht gestartet werden ({0}): XTDM neu installieren</translation>
    </message>
    <message>
        <source>the system ended the engine, often because memory ran out: close other programs</source>
        <translation>der Rechenprozess wurde vom System beendet, oft weil der Speicher nicht reichte: andere Programme schließen</translation>
    </message>
    <message>
        <source>the engine ended unexpectedly (status {0}): please report it</source>
        <translation>der Rechenprozess endete unerwartet (Status {0}): bitte melden</translation>
    </message>
</context>
<context>
    <name>_Plot</name>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Histogram of the finished picture</source>
        <translation>Histogramm des fertigen Bildes</translation>
    </message>
    <message>
        <source>How often each code of the sRGB picture is seen; what is at the ends has no detail left</source>
        <translation>Wie oft jeder Code des sRGB-Bildes vorkommt; was an den Enden liegt, hat keine Zeichnung mehr</translation>
    </message>
</context>
<context>
    <name>durations</name>
    <message>
        <source>{0} s</source>
        <translation>{0}&#xa0;s</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0}&#xa0;min</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0}&#xa0;h {1}&#xa0;min</translation>
    </message>
</context>
<context>
    <name>export_names</name>
    <message>
        <source>Give a name, for example {stem}.</source>
        <translation>Bitte einen Namen angeben, zum Beispiel {stem}.</translation>
    </message>
    <message>
        <source>There is no {0}: choose from {1}.</source>
        <translation>{0} gibt es nicht: bitte aus {1} wählen.</translation>
    </message>
    <message>
        <source>A file&apos;s name cannot hold {0}</source>
        <translation>Ein Dateiname darf {0} nicht enthalten</translation>
    </message>
</context>
<context>
    <name>labels</name>
    <message>
        <source>No label</source>
        <translation>Keine Farbe</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Purple</source>
        <translation>Lila</translation>
    </message>
</context>
<context>
    <name>readout</name>
    <message>
        <source>seen: {0} ({1} %)</source>
        <translation>gesehen: {0} ({1} %)</translation>
    </message>
    <message>
        <source>black</source>
        <translation>schwarz</translation>
    </message>
    <message>
        <source>at clipping</source>
        <translation>am Clipping</translation>
    </message>
    <message>
        <source>{0} EV above clipping</source>
        <translation>{0}&#xa0;EV über Clipping</translation>
    </message>
    <message>
        <source>{0} EV below clipping</source>
        <translation>{0}&#xa0;EV unter Clipping</translation>
    </message>
</context>
<context>
    <name>sources</name>
    <message>
        <source>Embedded JPEG</source>
        <translation>Eingebettetes JPEG</translation>
    </message>
    <message>
        <source>Network {0}</source>
        <translation>Netz „{0}“</translation>
    </message>
    <message>
        <source>Network {0}, denoise off</source>
        <translation>Netz „{0}“, ohne Entrauschen</translation>
    </message>
    <message>
        <source>Network {0}, denoise {1}</source>
        <translation>Netz „{0}“, Entrauschen {1}</translation>
    </message>
    <message>
        <source>{0} (asked for as {1})</source>
        <translation>{0} (angefragt als {1})</translation>
    </message>
</context>
<context>
    <name>stages</name>
    <message>
        <source>demosaicing with {0}</source>
        <translation>Demosaicing mit {0}</translation>
    </message>
    <message>
        <source>converting</source>
        <translation>Umwandeln</translation>
    </message>
    <message>
        <source>loading the network</source>
        <translation>Netz wird geladen</translation>
    </message>
    <message>
        <source>reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>reconstructing highlights</source>
        <translation>Lichter werden rekonstruiert</translation>
    </message>
    <message>
        <source>demosaicing</source>
        <translation>Demosaicing</translation>
    </message>
    <message>
        <source>demosaicing with LibRaw</source>
        <translation>Demosaicing mit LibRaw</translation>
    </message>
    <message>
        <source>rendering</source>
        <translation>Rendern</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>looking for flat areas</source>
        <translation>Flächen werden gesucht</translation>
    </message>
    <message>
        <source>measuring the 6×6 grid</source>
        <translation>6×6-Raster wird gemessen</translation>
    </message>
    <message>
        <source>measuring the spectrum</source>
        <translation>Spektrum wird gemessen</translation>
    </message>
    <message>
        <source>comparing</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>measuring the time</source>
        <translation>Zeit wird gemessen</translation>
    </message>
    <message>
        <source>evaluating</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <source>evaluating with noise</source>
        <translation>Bewerten mit Rauschen</translation>
    </message>
    <message>
        <source>evaluating on patterns</source>
        <translation>Bewerten an Testmustern</translation>
    </message>
    <message>
        <source>evaluating on flat fields</source>
        <translation>Bewerten an einfarbigen Flächen</translation>
    </message>
    <message>
        <source>examining the network</source>
        <translation>das Netz untersuchen</translation>
    </message>
    <message>
        <source>fetching</source>
        <translation>Holen</translation>
    </message>
    <message>
        <source>reducing photographs</source>
        <translation>Fotos werden verkleinert</translation>
    </message>
    <message>
        <source>working on raw files</source>
        <translation>Rohdateien werden bearbeitet</translation>
    </message>
    <message>
        <source>drawing hard patterns</source>
        <translation>Testmuster werden gezeichnet</translation>
    </message>
    <message>
        <source>reading photographs</source>
        <translation>Fotos werden gelesen</translation>
    </message>
    <message>
        <source>reading raw pictures</source>
        <translation>Rohbilder werden gelesen</translation>
    </message>
    <message>
        <source>reading hard patterns</source>
        <translation>Testmuster werden gelesen</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
</context>
</TS>
