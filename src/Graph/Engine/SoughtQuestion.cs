using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// A question on its way from names to numbers. Its names, and those of other questions, are taken through the steps side by side, so that what they
/// wait for comes side by side:
///
/// <code>
///   names: Seek ──► Guess ──► Resolve
///   graph:            └──► directories ──► lists, directories behind single edges ──► …      (Prefetch, a step at a time)
/// </code>
///
/// Nothing is decided before the names are resolved: what a guess had fetched is only sooner there.
/// </summary>
internal struct SoughtQuestion
{
    private SoughtName _resource, _subject, _delegation, _root, _task;
    private Member? _member;

    public void Seek(BoundSchema bound, in CheckQuestion question)
    {
        this = default;
        _resource = SoughtName.Seek(bound, question.Resource);
        _subject = SoughtName.Seek(bound, question.Subject.Object);
        _member = _resource.Type is { } type ? bound.Schema.FindMember(type.Id, question.Permission) : null;
        if (question.Acting.IsNone) return;
        _delegation = Seek(bound, question.Acting.Delegation);
        _root = Seek(bound, question.Acting.Root);
        _task = Seek(bound, question.Acting.Task);
    }

    /// <summary>And has the processor fetch what the decision reads first.</summary>
    public void Guess(BoundSchema bound)
    {
        _resource.Guess();
        _subject.Guess();
        _delegation.Guess();
        _root.Guess();
        _task.Guess();
        Prefetch(bound, step: 0);
    }

    /// <summary>Has the processor fetch what the decision will read in one of its steps, each after those before it (<see cref="Plans.CheckPlan.Prefetch"/>).</summary>
    public readonly void Prefetch(BoundSchema bound, int step)
    {
        if (_member is not { } member) return;
        if (step == 0 && _delegation.Likely is { } hop) bound.Plans.Types[hop.Type].Hop?.Prefetch(hop.Number, member.Id);
        else if (_resource.Likely is { } resource && _subject.Likely is { } subject)
            bound.Plans[member.Id].Prefetch(new Plans.Ahead(new Plans.SubjectClass(subject.Type, null).Code, subject.Number), resource.Number, step);
    }

    /// <exception cref="RejectionException">An unknown type or permission, a malformed question.</exception>
    /// <param name="question">The one that was sought.</param>
    public readonly ResolvedQuestion Resolve(BoundSchema bound, in CheckQuestion question)
    {
        CompiledSchema schema = bound.Schema;
        var numbers = new QuestionNumbers(schema, question);
        ObjectKey resource = numbers.Key(QuestionNumbers.Resource, question.Resource, _resource);
        MemberId member = (_member ?? throw Rejections.UnknownMember(schema[resource.Type], question.Permission)).Id;
        ObjectKey subject = numbers.Key(QuestionNumbers.Subject, question.Subject.Object, _subject);
        var who = new SubjectKey(subject, question.Subject.Relation is { } relation ? MemberOf(schema, subject.Type, relation) : null);
        if (question.Acting.IsNone) return new ResolvedQuestion(resource, member, who, null, null, null);
        ExpectActing(schema, question);
        return new ResolvedQuestion(resource, member, who,
            numbers.Key(QuestionNumbers.Delegation, question.Acting.Delegation, _delegation),
            numbers.Key(QuestionNumbers.Root, question.Acting.Root, _root),
            numbers.Key(QuestionNumbers.Task, question.Acting.Task, _task));
    }

    private static SoughtName Seek(BoundSchema bound, ObjectRef? name) => name is { } given ? SoughtName.Seek(bound, given) : default;

    private static MemberId MemberOf(CompiledSchema schema, TypeId type, string name) =>
        (schema.FindMember(type, name) ?? throw Rejections.UnknownMember(schema[type], name)).Id;

    private static void ExpectActing(CompiledSchema schema, in CheckQuestion question)
    {
        Acting acting = question.Acting;
        if (!schema.UsesDelegation) throw Rejections.ActingWithoutDelegation();
        if (acting.Delegation is null && acting.Root is null) throw Rejections.ActingIncomplete();
        if (question.Subject.Relation is not null) throw Rejections.ActingType("presenter", question.Subject.Object, "a plain object");
        if (acting.Delegation is { } hop && RoleOf(schema, hop) is not Role.Delegation)
            throw Rejections.ActingType("delegation", hop, "of a `delegation` type");
        if (acting.Root is { } root && RoleOf(schema, root) is not Role.Principal { Kind: not PrincipalKind.Agent })
            throw Rejections.ActingType("root", root, "a human or a service");
        if (acting.Task is { } task && RoleOf(schema, task) is not Role.Task)
            throw Rejections.ActingType("task", task, "of a `task` type");
    }

    private static Role? RoleOf(CompiledSchema schema, ObjectRef value) => schema.FindType(value.Type)?.Role;
}
