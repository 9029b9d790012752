using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph;

/// <summary>Every refusal of this room: code, reason and what the caller can do.</summary>
internal static class Rejections
{
    public static RejectionException NoSchema() =>
        Rejection.Precondition("NO_SCHEMA", "no schema has been written yet: write one first");

    public static RejectionException UnknownType(CompiledSchema schema, string type) =>
        Rejection.Precondition("UNKNOWN_TYPE", $"the schema has no definition `{type}`{Nearest(type, schema.Types.Select(t => t.Name))}");

    public static RejectionException UnknownMember(ObjectType type, string member) =>
        Rejection.Precondition("UNKNOWN_RELATION", $"definition `{type.Name}` has no relation or permission `{member}`{Nearest(member, type.Members.Select(m => m.Name))}");

    public static RejectionException UnknownMember(string member) =>
        Rejection.Precondition("UNKNOWN_RELATION", $"no definition has a relation or permission `{member}`");

    public static RejectionException WildcardNotAllowed(string what) =>
        Rejection.Invalid("WILDCARD_NOT_ALLOWED", $"{what} can't be the wildcard: ask about one object");

    public static RejectionException InvalidName(string what, string text) =>
        Rejection.Invalid("INVALID_REFERENCE", $"`{text}` is not a valid {what}");

    public static RejectionException ActingWithoutDelegation() =>
        Rejection.Invalid("ACTING_WITHOUT_DELEGATION", "`acting` needs a schema that says `use delegation`");

    public static RejectionException ActingIncomplete() =>
        Rejection.Invalid("ACTING_INCOMPLETE", "`acting` names only a task: name the delegation, or the principal on whose behalf, as well");

    public static RejectionException ActingType(string what, ObjectRef given, string wanted) =>
        Rejection.Invalid("ACTING_TYPE", $"`{given}` can't be the {what}: it is not {wanted}");

    public static RejectionException Depth(int limit) =>
        Rejection.Precondition("CHECK_DEPTH_LIMIT", $"the check goes more than {limit} relations deep");

    public static RejectionException CycleThroughExclusion(string member) =>
        Rejection.Precondition("CYCLE_THROUGH_EXCLUSION", $"`{member}` depends on its own absence through the tuples as they are");

    public static RejectionException Steps(int limit) =>
        Rejection.Limit("CHECK_STEP_LIMIT", $"the check consulted more than {limit} edges");

    public static RejectionException Candidates(int limit) =>
        Rejection.Limit("CHAIN_CANDIDATE_LIMIT", $"the presenter holds more than {limit} delegations: name the one to use");

    public static RejectionException Ancestors(int limit) =>
        Rejection.Limit("ANCESTOR_LIMIT", $"more than {limit} objects lie above one object");

    public static RejectionException ExpandParts(int limit) =>
        Rejection.Limit("EXPAND_LIMIT", $"the tree has more than {limit} parts");

    public static RejectionException InvalidToken() =>
        Rejection.Invalid("INVALID_TOKEN", "the consistency token is malformed or was changed: pass it on exactly as it was received");

    public static RejectionException InvalidCursor() =>
        Rejection.Invalid("INVALID_CURSOR", "the cursor is malformed or was changed: pass it on exactly as it was received");

    public static RejectionException CursorOfAnotherStore() =>
        Rejection.Invalid("CURSOR_OF_ANOTHER_STORE", "the cursor was given out by another store");

    /// <param name="shared">The last revision that the store shares with the cursor's timeline; null: none.</param>
    public static RejectionException CursorOfAnotherTimeline(Revision revision, Revision? shared) =>
        Restored("CURSOR_OF_ANOTHER_TIMELINE", "the cursor", revision, shared, "start again without one");

    public static RejectionException CursorOfAnotherFilter() =>
        Rejection.Invalid("CURSOR_OF_ANOTHER_FILTER", "the cursor was given out for another filter: send the same one with it");

    public static RejectionException CursorOfAnotherQuery() =>
        Rejection.Invalid("CURSOR_OF_ANOTHER_QUERY", "the cursor was given out for another lookup: send the same one with it");

    public static RejectionException LookupStates(int limit) =>
        Rejection.Limit("LOOKUP_STATE_LIMIT", $"the lookup met more than {limit} objects: ask for something narrower");

    public static RejectionException LookupSteps(long limit) =>
        Rejection.Limit("LOOKUP_STEP_LIMIT", $"the lookup followed more than {limit} edges: ask for something narrower");

    public static RejectionException LookupExclusions(int limit) =>
        Rejection.Limit("LOOKUP_EXCLUSION_LIMIT", $"everybody may do this except more than {limit} subjects, too many to name: ask about one subject");

    public static RejectionException TokenOfAnotherStore() =>
        Rejection.Invalid("TOKEN_OF_ANOTHER_STORE", "the consistency token was given out by another store");

    /// <inheritdoc cref="CursorOfAnotherTimeline"/>
    public static RejectionException TokenOfAnotherTimeline(Revision revision, Revision? shared) =>
        Restored("TOKEN_OF_ANOTHER_TIMELINE", "the consistency token", revision, shared, "take a new one");

    public static RejectionException RevisionAhead(Revision asked, Revision head) =>
        new(RejectionCode.OutOfRange, "REVISION_AHEAD", $"revision {asked} does not exist: the newest is {head}");

    public static RejectionException RevisionTooOld(Revision asked, Revision oldest) =>
        new(RejectionCode.OutOfRange, "REVISION_TOO_OLD", $"revision {asked} can no longer be read: the oldest is {oldest}");

    public static RejectionException HistoryRebuilding(Revision asked, Revision oldest) =>
        new(RejectionCode.Unavailable, "HISTORY_REBUILDING",
            $"revision {asked} can't be read yet: after a restart history is rebuilt from the newest revision backwards, so far to {oldest}; ask again in a moment");

    /// <summary>The caller may start at the oldest, having read everything there anew.</summary>
    public static RejectionException RevisionGone(Revision asked, Revision oldest, string oldestToken) =>
        new(RejectionCode.OutOfRange, "REVISION_GONE", $"what came after revision {asked} is no longer kept: the oldest to watch from is {oldest}")
        {
            Metadata = new Dictionary<string, string> { ["oldest_revision"] = oldest.ToString(), ["oldest_token"] = oldestToken },
        };

    public static RejectionException WatchTooSlow(int backlog, Revision told, string token) =>
        new(RejectionCode.ResourceExhausted, "WATCH_TOO_SLOW", $"the watcher fell more than {backlog} changes behind: resume after revision {told}")
        {
            Metadata = new Dictionary<string, string> { ["resume_revision"] = told.ToString(), ["resume_token"] = token },
        };

    public static RejectionException DecisionWatchTooSlow(int waiting) =>
        new(RejectionCode.ResourceExhausted, "WATCH_TOO_SLOW", $"more than {waiting} new answers wait for their reader: watch again");

    public static RejectionException WatchedWindows(int limit) =>
        Rejection.Limit("WATCH_WINDOW_LIMIT", $"more than {limit} relationships with a window match the watch: give it narrower filters");

    public static RejectionException NothingToWatch() =>
        Rejection.Invalid("EMPTY_WATCH", "the watch asks for no kind of event");

    public static RejectionException WindowsBeforeRevision(Instant asked, Instant committedAt) =>
        Rejection.Invalid("INVALID_WINDOWS_AFTER", $"windows can't be told from {asked}: the revision to start after was committed at {committedAt}");

    public static RejectionException InstantTooOld(Instant asked, Instant oldest) =>
        new(RejectionCode.OutOfRange, "INSTANT_TOO_OLD", $"what held at {asked} is no longer known: the oldest instant to ask about is {oldest}");

    public static RejectionException EmptyFilter() =>
        Rejection.Invalid("EMPTY_FILTER", "the filter names nothing: give at least a type, an id, a relation or a subject");

    public static RejectionException FilterIdTwice() =>
        Rejection.Invalid("INVALID_FILTER", "the filter gives both an id and an id prefix: give one");

    public static RejectionException TooMany(string reason, string what, int count, int limit) =>
        Rejection.Invalid(reason, $"{count} {what} in one request are more than {limit}");

    public static RejectionException InvalidTuple(RelationTuple tuple, string problem) =>
        Rejection.Invalid("INVALID_TUPLE", $"`{tuple}` can't be written: {problem}");

    public static RejectionException EndsBeforeCommit(RelationTuple tuple, Instant committedAt) =>
        InvalidTuple(tuple, $"it starts when it is committed, at {committedAt}, and would have ended by then: give a start as well");

    public static RejectionException NotARelation(RelationTuple tuple) =>
        Rejection.Invalid("NOT_A_RELATION", $"`{tuple}` can't be written: `{tuple.Relation}` is a permission of `{tuple.Resource.Type}`, and permissions are computed");

    public static RejectionException SubjectNotAllowed(RelationTuple tuple, string allowed) =>
        Rejection.Invalid("SUBJECT_NOT_ALLOWED", $"`{tuple}` can't be written: the relation takes {allowed}");

    public static RejectionException UnknownCaveat(string name) =>
        Rejection.Precondition("UNKNOWN_CAVEAT", $"the schema has no caveat `{name}`");

    public static RejectionException InvalidCaveatContext(RelationTuple tuple, string problem) =>
        Rejection.Invalid("INVALID_CAVEAT_CONTEXT", $"`{tuple}` can't be written: {problem}");

    public static RejectionException InvalidContext(string problem) =>
        Rejection.Invalid("INVALID_CONTEXT", $"the question's context does not fit: {problem}");

    public static RejectionException CaveatFailed(string caveat, string problem) =>
        Rejection.Invalid("CAVEAT_FAILED", $"caveat `{caveat}` can't be told: {problem}");

    public static RejectionException CaveatGone(string caveat, Instant asked) => Rejection.Precondition("CAVEAT_GONE",
        $"what held at {asked} can't be told by this revision's schema: a tuple that has ended since has caveat `{caveat}`, which the schema does not know as it was");

    public static RejectionException DuplicateUpdate(RelationTuple tuple) =>
        Rejection.Invalid("DUPLICATE_UPDATE", $"`{tuple.Resource}#{tuple.Relation}@{tuple.Subject}` is in the request twice");

    public static RejectionException AlreadyExists(RelationTuple tuple) =>
        new(RejectionCode.AlreadyExists, "TUPLE_EXISTS", $"`{tuple.Resource}#{tuple.Relation}@{tuple.Subject}` is there already: touch it to replace it");

    public static RejectionException PreconditionFailed(TupleFilter filter, bool mustMatch) =>
        Rejection.Precondition("PRECONDITION_FAILED", mustMatch ? $"no relationship matches {filter.Describe()}" : $"a relationship matches {filter.Describe()}");

    public static RejectionException NeedsAuthority(RelationTuple tuple) =>
        new(RejectionCode.PermissionDenied, "AUTHORITY_REQUIRED", $"`{tuple}` gives or takes authority: it is written with the authority right");

    public static RejectionException Authority(RelationTuple tuple, string rule) =>
        Rejection.Precondition("AUTHORITY_RULE", $"`{tuple}` can't be written: {rule}");

    public static RejectionException TooManyToDelete(TupleFilter filter, int limit) =>
        Rejection.Invalid("TOO_MANY_TO_DELETE", $"more than {limit} relationships match {filter.Describe()}: allow a partial deletion and ask again until it is complete");

    public static RejectionException LimitNotPositive(string what) =>
        Rejection.Invalid("INVALID_LIMIT", $"`{what}` is at least 1");

    public static RejectionException InvalidMetadata(string problem) =>
        Rejection.Invalid("INVALID_METADATA", $"the metadata is a JSON object: {problem}");

    public static RejectionException MetadataTooLarge(int limit) =>
        Rejection.Invalid("METADATA_TOO_LARGE", $"the metadata of one transaction has at most {limit} bytes");

    public static RejectionException InvalidIdempotencyScope() =>
        Rejection.Invalid("INVALID_IDEMPOTENCY_SCOPE", "the scope of an idempotency key holds a line break or half a surrogate pair");

    public static RejectionException ImportKind() =>
        Rejection.Invalid("INVALID_OPERATION", "an import creates or touches");

    public static RejectionException ImportTooLarge(int limit) =>
        Rejection.Limit("IMPORT_TOO_LARGE", $"more than {limit} relationships can't be written in one transaction: import them in chunks");

    public static RejectionException Names(string type, uint limit) =>
        Rejection.Limit("NAME_LIMIT", $"`{type}` can't have more than {limit} objects: delete relationships of some, and their numbers come back once that lies behind the history");

    public static RejectionException CaveatContexts(uint limit) =>
        Rejection.Limit("CAVEAT_CONTEXT_LIMIT", $"there can't be more than {limit} different caveat contexts: delete relationships that have some");

    public static RejectionException ImportStopped() =>
        Rejection.Precondition("IMPORT_STOPPED", "a chunk before this one was refused");

    public static RejectionException IdempotencyKeyReused() =>
        Rejection.Invalid("IDEMPOTENCY_KEY_REUSED", "the idempotency key was used for another request");

    public static RejectionException InvalidIdempotencyKey(int limit) =>
        Rejection.Invalid("IDEMPOTENCY_KEY_TOO_LONG", $"an idempotency key has 1 to {limit} characters, the first no line break, and no half of a surrogate pair");

    public static RejectionException OutcomeUnknown() =>
        new(RejectionCode.Unavailable, "OUTCOME_UNKNOWN", "the store failed while the write was on its way: after a restart it is there or it is not; an idempotency key tells");

    public static RejectionException StoreFailed(Exception failure) =>
        new(RejectionCode.Unavailable, "STORE_FAILED", $"the store takes no more writes until it is restarted: {failure.Message}");

    public static RejectionException Closed() =>
        new(RejectionCode.Unavailable, "STORE_CLOSED", "the store is shutting down");

    public static RejectionException NotRestorable(Revision oldest, Instant committedAt) =>
        new(RejectionCode.OutOfRange, "NOT_RESTORABLE", $"the copy can't be restored as of so long ago: the oldest is revision {oldest}, committed at {committedAt}");

    public static RejectionException NoDirectory() =>
        Rejection.Precondition("NO_DIRECTORY", "the store is in memory: there are no files to copy");

    public static RejectionException SchemaNotText() =>
        Rejection.Invalid("SCHEMA_NOT_TEXT", "the schema's text holds half a surrogate pair, which has no form in UTF-8");

    public static RejectionException SchemaTooLarge(int limit) =>
        Rejection.Invalid("SCHEMA_TOO_LARGE", $"a schema has at most {limit} bytes");

    public static RejectionException SchemaInvalid(IEnumerable<Diagnostic> diagnostics)
    {
        Diagnostic[] errors = [.. diagnostics.Where(d => d.Severity == Severity.Error)];
        return new RejectionException(RejectionCode.InvalidArgument, "SCHEMA_INVALID", string.Join("\n", errors.Select(e => e.ToString())))
        {
            Metadata = errors.Select((e, i) => (Key: $"diagnostic.{i}", e)).ToDictionary(p => p.Key, p => p.e.ToString()),
        };
    }

    public static RejectionException SchemaOrphans(string change, RelationTuple tuple) =>
        Rejection.Precondition("SCHEMA_BREAKS_DATA", $"{change}, because a relationship exists with it: `{tuple}`");

    private static RejectionException Restored(string reason, string what, Revision revision, Revision? shared, string instead) => shared is { } last
        ? new RejectionException(RejectionCode.InvalidArgument, reason, $"{what} is of revision {revision}, and this store was restored as of revision {last}: {instead}")
        {
            Metadata = new Dictionary<string, string> { ["restored_revision"] = last.ToString() },
        }
        : Rejection.Invalid(reason, $"{what} was given out by this store on a timeline that it does not go back to: {instead}");

    private static string Nearest(string name, IEnumerable<string> names) => NearestName.Of(name, names) is { } nearest ? $": did you mean `{nearest}`?" : "";
}
