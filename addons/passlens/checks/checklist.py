"""The official checklist of REST API V2, line by line, in our own words: which findings speak against a line, what has
to be in a recording before anything can be said of it, and what to do in the app to get it there."""

from typing import Final, Literal, NamedTuple

Level = Literal["mandatory", "recommended"]
Visible = Literal["yes", "partly", "no"]


class Line(NamedTuple):
    """One line. ``id`` has the page's part (M mandatory, R recommended), section and row.

    ``not_met``: codes that say it is not kept. ``unclear``: codes that point at it, so that a person decides. Both
    count on exchanges of ``only_on`` and at places that begin with ``only_at``, where these are given. ``unread``:
    codes that say that what would have to be looked at is not in the recording; a masked header was sent all the same.
    ``all_of``, ``any_of``: what a recording has to hold, by name (``sights.py``). Without codes nothing in traffic
    decides the line.
    """

    id: str
    title: str
    level: Level
    visible: Visible
    app: str
    """What the app has to do."""
    do: str
    """What to do in the app, so that the line can be seen."""
    not_met: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    only_on: tuple[str, ...] = ()
    only_at: str = ""
    unread: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()


LINES: Final[tuple[Line, ...]] = (
    # id, title, level, visible in traffic, what the app has to do
    Line("CL-M1.1", "Registered Application Scoping", "mandatory", "partly",
         "The app must belong to a registered application that was given the V2 scope.",
         not_met=("PL253", "PL491"),
         any_of=("registered", "readable token"),
         do="Install the app afresh or clear its storage, start the recording, then start the app and open any "
            "screen that asks the API."),
    Line("CL-M1.2", "Client Credentials Caching", "mandatory", "partly",
         "The app must keep client id and secret across restarts and ask for every token with this same pair.",
         not_met=("PL601", "PL603"),
         all_of=("two tokens",),
         do="Sign in, quit the app for good, restart the device, and start the app again after its token has run "
            "out."),
    Line("CL-M1.3", "Access Tokens Caching", "mandatory", "yes",
         "The app must keep its access token across restarts and go on using it until it is over, instead of "
         "fetching one per call.",
         not_met=("PL602",),
         all_of=("token and calls",),
         do="Use the app for some minutes, quit it for good, start it again soon after and use it once more."),
    Line("CL-M2.1", "Configuration Retrieval", "mandatory", "partly",
         "The app must load the configuration only when the user is about to pick a TV provider, so not for a "
         "signed-in user, not for temporary access, and not when a remembered provider only has to be confirmed.",
         unclear=("PL610",),
         all_of=("provider picker", "signed in from the start", "temporary access", "remembered provider"),
         do="Start the app signed in; start it with temporary access; let the profile run out and confirm the same "
            "provider; only then sign in by the picker."),
    Line("CL-M2.2", "TV Provider Selection Caching", "mandatory", "partly",
         "The app must keep the chosen provider's id, displayName and logoUrl across restarts and use the id in "
         "everything that follows.",
         unclear=("PL612",),
         all_of=("provider used again",),
         do="Pick a provider and sign in, quit the app for good, start it again, look for the provider's name and "
            "logo in the account screen, and play something."),
    Line("CL-M3.1", "Polling Mechanism Starting", "mandatory", "partly",
         "On one screen the app must not poll before the browser has arrived at redirectUrl; with a second screen it "
         "must begin as soon as it has the session answer and shows the code.",
         do="Sign in once on the device's own browser if it has one, and once with phone or computer by the code "
            "that the device shows."),
    Line("CL-M3.2", "Polling Mechanism Stopping", "mandatory", "yes",
         "The app must stop polling a code once the profile came, once session and code are over, or once a new code "
         "was asked for.",
         not_met=("PL633", "PL634", "PL635"),
         all_of=("sign-in that succeeds", "code that runs out", "new code"),
         do="Finish a sign-in; start one and leave the code unused until it is over (30 minutes in samples); start "
            "one, go back, and ask for a new code. Leave the recording on for a minute each time."),
    Line("CL-M3.3", "Polling Mechanism Configuring", "mandatory", "yes",
         "The app must leave 3 to 5 seconds between two polls; on one screen it may wait longer.",
         not_met=("PL632",),
         only_on=("retrieve-profile-code",),
         unread=("PL906",),
         all_of=("three polls",),
         do="Start a sign-in and let a minute pass with the code on the screen before you finish it."),
    Line("CL-M3.4", "Profiles Caching", "mandatory", "partly",
         "The app must keep mvpd and attributes of the profile and not read profiles again without need; after an "
         "authorization it may, since some attributes change then.",
         unclear=("PL636",),
         all_of=("ten minutes with a profile",),
         do="Sign in, then move through catalogue, account screen and player for ten minutes; then let the profile "
            "run out and see whether the app offers the same provider for confirmation."),
    Line("CL-M4.1", "Preauthorization Decisions Retrieval", "mandatory", "partly",
         "The app must use preauthorizations to filter what it shows, and never to decide whether something plays.",
         do="Open the catalogue, play an item that it marks as available, stop it, and note the times of both."),
    Line("CL-M4.2", "Preauthorization Decisions Retrieval Retry", "mandatory", "yes",
         "The app must do what the error's action says, repeat a preauthorization only where that asks for it, and "
         "stop after two or three tries.",
         not_met=("PL652",),
         unclear=("PL682", "PL683"),
         only_on=("preauthorize",),
         all_of=("preauthorize with an error",),
         do="Open the catalogue with an account whose package lacks some channels; for the limit answer preauthorize "
            "by a rule with an error of action retry and stay on the screen for a minute."),
    Line("CL-M4.3", "Preauthorization Decisions Caching", "mandatory", "partly",
         "The app must remember permits in memory while it runs instead of asking for them again.",
         unclear=("PL655",),
         only_on=("preauthorize",),
         all_of=("catalogue opened again",),
         do="Open the catalogue, leave it and come back five times within ten minutes without quitting the app."),
    Line("CL-M5.1", "Authorization Decisions Retrieval", "mandatory", "partly",
         "The app must get an authorization before each playback whatever a preauthorization said, let a running "
         "stream go on when its media token ends, and ask afresh at the next playback; long live streams may ask "
         "again at pauses, breaks or changes of the asset.",
         do="Play an item longer than the media token lives (minutes), see that it goes on; stop, play it again, "
            "then play another one."),
    Line("CL-M5.2", "Authorization Decisions Retrieval Retry", "mandatory", "yes",
         "The app must do what the error's action says, repeat an authorization only where that asks for it, and "
         "stop after two or three tries.",
         not_met=("PL652",),
         unclear=("PL682", "PL683"),
         only_on=("authorize",),
         all_of=("authorize with an error",),
         do="Play something outside the account's package; for the limit answer authorize by a rule with an error of "
            "action retry and wait a minute without touching the remote."),
    Line("CL-M6.1", "Logout Support", "mandatory", "partly",
         "The app must offer signing out by the logout call and then act on each entry of its answer: open the url "
         "in a user agent where there is one, and send an appleSSO user to the system settings.",
         unclear=("PL124",),
         any_of=("logout in a browser", "logout at the partner", "logout that is complete"),
         do="Sign in and choose sign out in the app's settings; on an Apple device do it once more after signing in "
            "through the system, and read what the app says then."),
    Line("CL-M7.1", "Send Authorization Header", "mandatory", "yes",
         "Every call of the app to the API must carry Authorization.",
         not_met=("PL201", "PL250"),
         only_at="header:Authorization",
         unread=("PL907",),
         all_of=("calls",),
         do="Go once through sign-in, catalogue, playback and sign-out."),
    Line("CL-M7.2", "Send AP-Device-Identifier Header", "mandatory", "partly",
         "Every call must carry AP-Device-Identifier, and a server that calls for a device must send that device's "
         "identifier.",
         not_met=("PL201", "PL255", "PL256"),
         unclear=("PL203", "PL205"),
         only_at="header:AP-Device-Identifier",
         unread=("PL907",),
         all_of=("calls",),
         do="Go once through sign-in, catalogue, playback and sign-out; in a server-to-server set-up do it on two "
            "devices and compare the values."),
    Line("CL-M7.3", "Send X-Device-Info Header", "mandatory", "partly",
         "Every call must carry X-Device-Info, and a server that calls for a device must describe that device; "
         "Spectrum's home-based sign-in also needs connectionIp and connectionPort.",
         not_met=("PL202",),
         unclear=(
             "PL203", "PL205", "PL210", "PL211", "PL212", "PL213", "PL214", "PL215", "PL216", "PL217", "PL218",
             "PL219", "PL220", "PL221", "PL222", "PL223", "PL230", "PL231", "PL232", "PL233", "PL235", "PL237",
             "PL238",
         ),
         only_at="header:X-Device-Info",
         unread=("PL907", "PL908"),
         all_of=("calls",),
         do="Go once through sign-in, catalogue, playback and sign-out, and compare the decoded header with the "
            "device at hand."),
    Line("CL-M7.4", "Stable Device Identifier", "mandatory", "partly",
         "The identifier must stay the same through updates and reboots; where the hardware offers none, the app "
         "makes one and keeps it.",
         not_met=("PL673",),
         all_of=("device seen twice",),
         do="Record a start of the app, reboot the device, install a newer build over the old one, and record again."),
    Line("CL-M7.5", "Follow APIs References", "mandatory", "yes",
         "The app must send the parameters and headers that the V2 pages list and no others.",
         not_met=("PL112", "PL113", "PL206", "PL207"),
         unclear=("PL101", "PL102", "PL103", "PL110", "PL114", "PL119", "PL121", "PL236", "PL248", "PL605", "PL127"),
         unread=("PL902", "PL904", "PL907"),
         all_of=("calls",),
         do="Go once through sign-in, catalogue, playback and sign-out."),
    Line("CL-M8.1", "Enhanced Error Code Handling Support", "mandatory", "partly",
         "The app must read Enhanced Error Codes and take the step that their action names, which seldom is another "
         "try.",
         not_met=("PL683",),
         unclear=("PL603", "PL652", "PL682"),
         all_of=("error code",),
         do="Provoke errors one by one: an unused code that is over, a channel outside the package, a profile that "
            "has run out; read the screen each time."),
    Line("CL-M8.2", "HTTP Error Handling Support", "mandatory", "partly",
         "The app must tell failed HTTP statuses from successful ones that hold an error, and repeat only in the few "
         "cases where that helps.",
         not_met=("PL682",),
         unclear=("PL604", "PL681", "PL683"),
         all_of=("failed status", "error in a success"),
         do="Play something outside the package; have the server fail (scenario) during sign-in; leave the device "
            "alone for a minute each time."),
    Line("CL-M9.1", "Lifecycle Testing", "mandatory", "partly",
         "The app must be built and tested from end to end on Prequal-Production and Release-Staging before it goes "
         "to Release-Production.",
         do="Point a test build at each of the two environments and repeat the whole run there; keep both reports."),
    Line("CL-R1.1", "Access Tokens Validation", "recommended", "yes",
         "The app should look at the token's end before it uses it, and after a 401 get a new token first and only "
         "then repeat the call.",
         not_met=("PL251", "PL604"),
         unclear=("PL603",),
         all_of=("token that ran out", "refused token"),
         do="Leave the app in the background until its token is over (6 hours in samples), then use it; have one "
            "token refused (scenario) and watch."),
    Line("CL-R2.1", "Configuration Caching", "recommended", "yes",
         "The app should keep the configuration for a few minutes, about 3 to 5, in memory or on disk.",
         not_met=("PL611",),
         all_of=("picker used again",),
         do="Open the provider picker, go back, and open it again within a minute."),
    Line("CL-R3.1", "Authentication Code Validation (2nd screen authentication)", "recommended", "partly",
         "The second screen should have a typed code checked before it opens the authenticate url: by resuming the "
         "session if a provider was chosen already, else by reading it.",
         unclear=("PL626",),
         all_of=("code with a provider", "code without a provider", "wrong code"),
         do="Record phone or computer as well; type a right code, a mistyped one and one that is over, with and "
            "without a provider chosen on the TV."),
    Line("CL-R3.2", "Multiple Profiles Support", "recommended", "partly",
         "The app should cope with several profiles, by asking the user or by a rule of its own such as the one that "
         "lasts longest.",
         do="Sign in with two providers, or through the system and by a code, restart the app, and see which profile "
            "it takes."),
    Line("CL-R3.3", "(Optional) Non-Basic Flows Support", "recommended", "partly",
         "The app should support degraded access, temporary access and single sign-on where its business wants them.",
         unclear=(
             "PL204", "PL240", "PL241", "PL243", "PL244", "PL245", "PL271", "PL272", "PL275", "PL629", "PL641",
             "PL642", "PL643", "PL645", "PL677",
         ),
         any_of=("degraded access", "temporary access", "single sign-on"),
         do="Name the flows that the app offers first; then play with a temporary pass, sign in through the system's "
            "TV provider account, and have access degraded (scenario, or the dashboard)."),
    Line("CL-R4.1", "User Experience", "recommended", "no",
         "The app should tell the user clearly why a preauthorization was refused, with the text that provider or "
         "Adobe sent.",
         only_on=("preauthorize",),
         do="Open the catalogue with an account whose package lacks some channels and compare the screen with "
            "message and details of the error."),
    Line("CL-R5.1", "Media Tokens Validation", "recommended", "no",
         "The media token should be checked with Adobe's Media Token Verifier before a stream is handed out.",
         do="Ask the people of the stream server; send it a changed and an old token and see that both are refused."),
    Line("CL-R5.2", "User Experience", "recommended", "no",
         "The app should tell the user clearly why an authorization was refused, with the text that provider or "
         "Adobe sent.",
         only_on=("authorize",),
         do="Play something outside the package, and something above the parental rating, and compare the screen "
            "with message and details of the error."),
    Line("CL-R6.1", "User Experience", "recommended", "partly",
         "The app should sign out only when the user asks for it, not by itself, for instance after a refused "
         "decision.",
         unclear=("PL660",),
         only_on=("logout",),
         all_of=("denial",),
         do="Play something outside the package, touch nothing for a minute, then see that the account is still "
            "signed in."),
    Line("CL-R7.1", "Reuse Code", "recommended", "partly",
         "Code of V1 for device identifier, device information and registration may be taken over, if what it sends "
         "is brought to what V2 expects.",
         not_met=("PL207",),
         unclear=("PL213", "PL206", "PL113", "PL605"),
         unread=("PL907",),
         all_of=("calls",),
         do="Go once through sign-in, catalogue, playback and sign-out with the app that came from V1."),
    Line("CL-R8.1", "Test Coverage", "recommended", "partly",
         "Sign-in on one and on two screens, permits and refusals of both kinds of decision, sign-out, and the "
         "further flows in use should be tested on every platform and with the biggest providers.",
         unread=("PL901", "PL902", "PL903", "PL904", "PL905", "PL906"),
         do="Make one recording per platform and provider and give them to one run; list osName and mvpd of each."),
    Line("CL-R8.2", "Test Tools", "recommended", "no",
         "Adobe's developer site should be used to try the API.",
         do="Ask the team whether it uses developer.adobe.com/adobe-pass."),
)  # fmt: skip
