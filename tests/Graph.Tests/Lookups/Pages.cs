using AuthzGraph.Model;

namespace AuthzGraph.Graph.Tests.Lookups;

/// <summary>What a lookup found, or why it was rejected.</summary>
internal sealed record Paged<T>(IReadOnlyList<T> Results, string? Rejected, Func<T, string> Print)
{
    public string Text => Rejected ?? string.Join(' ', Results.Select(Print));
}

/// <summary>Reads a lookup whole or in pages, each behind the cursor of the last result of the one before.</summary>
internal static class Pages
{
    private const int MostResults = 100_000;        // a lookup that repeats itself would go on for ever

    public static Paged<FoundResource> Of(Snapshot snapshot, ResourceLookupRequest request, int? pageSize)
    {
        List<FoundResource> results = [];
        try
        {
            for (string? cursor = null; ;)
            {
                using ResourceLookup lookup = snapshot.LookupResources(request with { Limit = pageSize, Cursor = cursor });
                int before = results.Count;
                while (lookup.MoveNext())
                {
                    results.Add(new FoundResource(lookup.Id, lookup.Missing));
                    cursor = lookup.Cursor;
                }
                Assert.True(results.Count < MostResults, "a lookup comes to no end");
                if (pageSize is null || results.Count - before < pageSize) return new(results, null, Print);
            }
        }
        catch (RejectionException rejection)
        {
            return new(results, rejection.Reason, Print);
        }
    }

    public static Paged<FoundSubject> Of(Snapshot snapshot, SubjectLookupRequest request, int? pageSize)
    {
        List<FoundSubject> results = [];
        try
        {
            for (string? cursor = null; ;)
            {
                using SubjectLookup lookup = snapshot.LookupSubjects(request with { Limit = pageSize, Cursor = cursor });
                int before = results.Count;
                while (lookup.MoveNext())
                {
                    results.Add(new FoundSubject(lookup.Id, lookup.Missing, lookup.Excluded));
                    cursor = lookup.Cursor;
                }
                Assert.True(results.Count < MostResults, "a lookup comes to no end");
                if (pageSize is null || results.Count - before < pageSize) return new(results, null, Print);
            }
        }
        catch (RejectionException rejection)
        {
            return new(results, rejection.Reason, Print);
        }
    }

    public static Paged<FoundActing> Acting(Snapshot snapshot, SubjectLookupRequest request, int? pageSize)
    {
        List<FoundActing> results = [];
        try
        {
            for (string? cursor = null; ;)
            {
                using ActingLookup lookup = snapshot.LookupActing(request with { Limit = pageSize, Cursor = cursor });
                int before = results.Count;
                while (lookup.MoveNext())
                {
                    results.Add(lookup.Describe());
                    cursor = lookup.Cursor;
                }
                Assert.True(results.Count < MostResults, "a lookup comes to no end");
                if (pageSize is null || results.Count - before < pageSize) return new(results, null, Print);
            }
        }
        catch (RejectionException rejection)
        {
            return new(results, rejection.Reason, Print);
        }
    }

    private static string Print(FoundActing found) => $"{found.Presenter} by {found.Leaf}: {found.Answer.Outcome}";

    private static string Print(FoundResource found) => Print(found.Id, found.Missing);

    private static string Print(FoundSubject found) =>
        Print(found.Id, found.Missing) + (found.Excluded.IsEmpty ? "" : $"-{{{string.Join(',', found.Excluded)}}}");

    private static string Print(string id, IReadOnlyCollection<string> missing) => missing.Count > 0 ? $"{id}[{string.Join(',', missing)}]" : id;
}
