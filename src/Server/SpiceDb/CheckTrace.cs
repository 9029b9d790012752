using AuthzGraph.Graph;
using AuthzGraph.Model;
using AuthzGraph.Protocol.Authzed;
using AuthzGraph.SchemaCompiler;
using AuthzGraph.Server.Wire;
using PermissionType = AuthzGraph.Protocol.Authzed.CheckDebugTrace.Types.PermissionType;

namespace AuthzGraph.Server.SpiceDb;

/// <summary>
/// How an answer comes about, as SpiceDB's clients draw it: the question, and below it what its rewrite refers to, each asked in its own right
/// at the same snapshot, so nothing is from a cache. A member that is met again within itself is not opened again.
/// A delegated question has one part: its chain has no form here, and the reason of a denial is said in <c>source</c>.
/// </summary>
internal sealed class CheckTrace(Snapshot snapshot, CheckQuestion question)
{
    private const int MostParts = 1_000;

    private readonly HashSet<(ObjectRef, string)> _path = [];
    private int _parts;

    public CheckDebugTrace Of(in Answer answer)
    {
        CheckDebugTrace trace = Part(question.Resource, question.Permission, answer);
        if (!question.Acting.IsNone || answer.Code is not (DenialCode.None or DenialCode.NoPermission)) trace.Source = SourceOf(answer);
        else Open(trace, question.Resource, question.Permission);
        return trace;
    }

    private static string SourceOf(in Answer answer) => answer.Outcome != Outcome.Denied ? "" : $"{answer.Code.ToText()} at hop {answer.Hop}: {answer.Object}";

    private CheckDebugTrace Part(ObjectRef resource, string member, in Answer answer) => new()
    {
        Resource = resource.ToWire(),
        Permission = member,
        PermissionType = Find(resource, member) is Permission ? PermissionType.Permission : PermissionType.Relation,
        Subject = question.Subject.ToWire(),
        Result = answer.ToTraced(),
        CaveatEvaluationInfo = answer.Missing.IsEmpty
            ? null
            : new CaveatEvalInfo { Result = CaveatEvalInfo.Types.Result.MissingSomeContext, PartialCaveatInfo = answer.Missing.ToWire() },
        OptionalExpiresAt = Times.ToWire(answer.ValidUntil),
    };

    private void Open(CheckDebugTrace trace, ObjectRef resource, string member)
    {
        if (!_path.Add((resource, member))) return;
        var below = new CheckDebugTrace.Types.SubProblems();
        foreach ((ObjectRef Object, string Member) next in Below(resource, member))
        {
            if (++_parts > MostParts) break;
            CheckDebugTrace part = Part(next.Object, next.Member, snapshot.Uncounted.Check(question with { Resource = next.Object, Permission = next.Member }));
            Open(part, next.Object, next.Member);
            below.Traces.Add(part);
        }
        if (below.Traces.Count > 0) trace.SubProblems = below;
        _path.Remove((resource, member));
    }

    private Member? Find(ObjectRef resource, string member) =>
        snapshot.Schema.FindType(resource.Type) is { } type ? snapshot.Schema.FindMember(type.Id, member) : null;

    private IEnumerable<(ObjectRef, string)> Below(ObjectRef resource, string name) => Find(resource, name) switch
    {
        Permission permission => Below(resource, permission.Rewrite),
        Relation { HasUsersets: true } relation => Subjects(resource, relation.Name).Where(s => s.Relation is not null).Select(s => (s.Object, s.Relation ?? "")),
        _ => [],
    };

    private IEnumerable<(ObjectRef, string)> Below(ObjectRef resource, Rewrite rewrite) => rewrite switch
    {
        Rewrite.Reference reference => [(resource, snapshot.Schema[reference.Member].Name)],
        Rewrite.Union union => union.Arms.SelectMany(arm => Below(resource, arm)),
        Rewrite.Intersection intersection => intersection.Arms.SelectMany(arm => Below(resource, arm)),
        Rewrite.Exclusion exclusion => Below(resource, exclusion.Base).Concat(Below(resource, exclusion.Subtracted)),
        Rewrite.Arrow arrow => Subjects(resource, snapshot.Schema[arrow.Relation].Name)
            .Where(subject => Find(subject.Object, arrow.TargetName) is not null).Select(subject => (subject.Object, arrow.TargetName)),
        _ => [],
    };

    private IEnumerable<SubjectRef> Subjects(ObjectRef resource, string relation) =>
        snapshot.Read(new TupleFilter { ResourceType = resource.Type, ResourceId = resource.Id, Relation = relation })
            .Where(tuple => tuple.Window.Contains(snapshot.Instant)).Select(tuple => tuple.Subject).Where(subject => !subject.Object.IsWildcard);
}
