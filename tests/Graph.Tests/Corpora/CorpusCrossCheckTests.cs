using AuthzGraph.Graph.Tests.Lookups;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;
using Xunit.Abstractions;

namespace AuthzGraph.Graph.Tests.Corpora;

/// <summary>
/// For every object, member and subject of every file: the check, both lookups at page sizes 1, 2 and unlimited, the recursive expansion and the
/// reference checker agree.
/// </summary>
public sealed class CorpusCrossCheckTests(ITestOutputHelper output)
{
    private const long MostChecks = 30_000;

    private readonly List<string> _differences = [];
    private (int Checks, int Resources, int Subjects) _count;

    [CorpusFact("spicedb/validation")]
    public Task Checks_and_lookups_agree_on_SpiceDbs_validation_files() => RunAsync("spicedb/validation", atLeast: 6_000);

    [CorpusFact("spicedb/examples")]
    public Task Checks_and_lookups_agree_on_SpiceDbs_examples() => RunAsync("spicedb/examples", atLeast: 5_000);

    [CorpusFact("openfga/suite")]
    public Task Checks_and_lookups_agree_on_OpenFgas_suite() => RunCasesAsync("openfga/suite", atLeast: 3_000);

    [CorpusFact("openfga/matrix")]
    public Task Checks_and_lookups_agree_on_OpenFgas_matrix() => RunCasesAsync("openfga/matrix", atLeast: 3_000);

    [CorpusFact("openfga/stores")]
    public Task Checks_and_lookups_agree_on_OpenFgas_sample_stores() => RunCasesAsync("openfga/stores", atLeast: 3_000);

    [CorpusFact("topaz")]
    public Task Checks_and_lookups_agree_on_Topazs_directories() => RunCasesAsync("topaz", atLeast: 3_000);

    [CorpusFact("agents")]
    public Task Checks_and_lookups_agree_on_models_of_agents() => RunCasesAsync("agents", atLeast: 200);

    [CorpusFact("workloads")]
    public Task Checks_and_lookups_agree_on_the_benchmarks_of_others() => RunCasesAsync("workloads", atLeast: 1_000);

    private async Task RunAsync(string corpus, int atLeast)
    {
        foreach (string file in CorpusFiles.In(corpus))
        {
            await using CorpusWorld world = await CorpusWorld.OpenAsync(file);
            Compare(Path.GetFileName(file), world);
        }
        Conclude(atLeast);
    }

    private async Task RunCasesAsync(string corpus, int atLeast)
    {
        foreach (CorpusCase one in CorpusFiles.Cases(corpus))
        {
            await using CorpusWorld world = await CorpusWorld.OpenAsync(one.Schema, one.Tuples);
            if (world.Size > MostChecks) output.WriteLine($"left out, since it would be {world.Size} checks: {one.Name}");
            else Compare(one.Name, world);
        }
        Conclude(atLeast);
    }

    private void Compare(string file, CorpusWorld world)
    {
        foreach (ObjectType type in world.Schema.Types)
            foreach (Member member in type.Members) Compare(file, world, type, member.Name);
    }

    private void Conclude(int atLeast)
    {
        output.WriteLine($"{_count.Checks} checks, {_count.Resources} lookups of resources, {_count.Subjects} of subjects");
        Assert.True(_differences.Count == 0, $"{_differences.Count} differences\n{string.Join('\n', _differences.Take(20))}");
        Assert.True(_count.Checks >= atLeast, $"only {_count.Checks} checks");
    }

    private void Compare(string file, CorpusWorld world, ObjectType type, string member)
    {
        IReadOnlyList<ObjectRef> objects = world.Objects(type.Name);
        IReadOnlyList<SubjectRef> subjects = world.Subjects;
        var outcomes = new Dictionary<(ObjectRef, SubjectRef), Outcome>();
        foreach (ObjectRef resource in objects)
            foreach (SubjectRef subject in subjects)
            {
                _count.Checks++;
                Outcome outcome = outcomes[(resource, subject)] = world.Check(resource, member, subject);
                Expect(world.Expected(resource, member, subject) is not { } expected || outcome == expected, $"{file}: the reference says otherwise than {outcome} of {resource}#{member}@{subject}");
                if (outcome == Outcome.Unknown) continue;       // a cycle through an exclusion: a tree shows it and does not judge
                Expect(outcome == world.Expanded(resource, member, subject), $"{file}: the tree says otherwise than {outcome} of {resource}#{member}@{subject}");
            }
        foreach (SubjectRef subject in subjects) CompareResources(file, world, type.Name, member, subject, objects.ToDictionary(o => o.Id, o => outcomes[(o, subject)]));
        foreach (var kind in subjects.GroupBy(s => (s.Object.Type, s.Relation)))
            foreach (ObjectRef resource in objects)
                CompareSubjects(file, world, resource, member, kind.Key.Type, kind.Key.Relation, kind.ToDictionary(s => s.Object.Id, s => outcomes[(resource, s)]));
    }

    private void CompareResources(string file, CorpusWorld world, string type, string member, SubjectRef subject, Dictionary<string, Outcome> expected)
    {
        ResourceLookupRequest request = new() { ResourceType = type, Permission = member, Subject = subject };
        Paged<FoundResource> all = Pages.Of(world.Snapshot, request, pageSize: null);
        _count.Resources++;
        if (IsRefused(expected, all.Rejected, $"{file}: {type}#{member}@{subject}")) return;
        Outcome Found(string id) => all.Results.Where(r => r.Id == id).ToArray() switch { [] => Outcome.Denied, [{ IsConditional: true }] => Outcome.Conditional, [_] => Outcome.Permitted, _ => Outcome.Unknown };
        foreach ((string id, Outcome outcome) in expected) Expect(Found(id) == outcome, $"{file}: {type}#{member}@{subject}: {id} is {outcome}: {all.Text}");
        Expect(all.Results.All(r => expected.ContainsKey(r.Id)), $"{file}: {type}#{member}@{subject}: {all.Text}");
        foreach (int size in (int[])[1, 2]) Expect(Pages.Of(world.Snapshot, request, size).Text == all.Text, $"{file}: {type}#{member}@{subject} in pages of {size}");
    }

    private void CompareSubjects(string file, CorpusWorld world, ObjectRef resource, string member, string type, string? relation, Dictionary<string, Outcome> expected)
    {
        SubjectLookupRequest request = new() { Resource = resource, Permission = member, SubjectType = type, SubjectRelation = relation };
        Paged<FoundSubject> all = Pages.Of(world.Snapshot, request, pageSize: null);
        _count.Subjects++;
        if (IsRefused(expected, all.Rejected, $"{file}: {resource}#{member}@{type}")) return;
        foreach ((string id, Outcome outcome) in expected)
            Expect(Found(all.Results, id, relation is null) == outcome, $"{file}: {resource}#{member}@{type}#{relation}: {id} is {outcome}: {all.Text}");
        foreach (int size in (int[])[1, 2]) Expect(Pages.Of(world.Snapshot, request, size).Text == all.Text, $"{file}: {resource}#{member}@{type} in pages of {size}");
    }

    /// <summary>A lookup is refused only where some check is.</summary>
    private bool IsRefused(Dictionary<string, Outcome> expected, string? rejected, string question)
    {
        bool isUnknown = expected.ContainsValue(Outcome.Unknown);
        Expect(isUnknown || rejected is null, $"{question}: refused, {rejected}");
        return isUnknown || rejected is not null;
    }

    private static Outcome Found(IReadOnlyList<FoundSubject> results, string id, bool wildcards)
    {
        FoundSubject[] found = [.. results.Where(r => r.Id == id)];
        if (found is []) found = [.. results.Where(r => wildcards && r.Id == Names.Wildcard && !r.Excluded.Contains(id))];
        return found switch { [] => Outcome.Denied, [{ IsConditional: true }] => Outcome.Conditional, [_] => Outcome.Permitted, _ => Outcome.Unknown };
    }

    private void Expect(bool holds, string difference)
    {
        if (!holds) _differences.Add(difference);
    }
}
