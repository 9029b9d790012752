using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>
/// A question on its way from names to numbers. Its names, and those of other questions, are taken through the steps side by side, so that what they
/// wait for comes side by side:
///
/// <code>
///   names: Seek ──► Reach ──► Guess ──► Resolve
///   graph:                      └──► directories ──► lists, directories behind single edges ──► …      (Prefetch, a step at a time)
/// </code>
///
/// Nothing is decided before the names are resolved: what a guess had fetched is only sooner there.
/// </summary>
internal struct SoughtQuestion
{
    private SoughtName _resource, _subject, _delegation, _root, _task;
    private MemberId? _member;
    private bool _isActing;

    /// <summary>Begins anew. A question often names the same types and permission as the one before it here, which was of the same schema.</summary>
    public void Seek(BoundSchema bound, in CheckQuestion question)
    {
        _resource.Seek(bound, question.Resource);
        _subject.Seek(bound, question.Subject.Object);
        SeekMember(bound.Schema, question.Permission);
        _isActing = !question.Acting.IsNone;
        if (!_isActing) return;
        Seek(bound, question.Acting.Delegation, ref _delegation);
        Seek(bound, question.Acting.Root, ref _root);
        Seek(bound, question.Acting.Task, ref _task);
    }

    /// <summary>And has the processor fetch where its names would be.</summary>
    public readonly void Reach(BoundSchema bound)
    {
        _resource.Reach(bound);
        _subject.Reach(bound);
        if (!_isActing) return;
        _delegation.Reach(bound);
        _root.Reach(bound);
        _task.Reach(bound);
    }

    /// <summary>And has the processor fetch what the decision reads first.</summary>
    public void Guess(BoundSchema bound)
    {
        _resource.Guess(bound);
        _subject.Guess(bound);
        if (_isActing)
        {
            _delegation.Guess(bound);
            _root.Guess(bound);
            _task.Guess(bound);
        }
        Prefetch(bound, step: 0);
    }

    /// <summary>Has the processor fetch what the decision will read in one of its steps, each after those before it (<see cref="Plans.CheckPlan.Prefetch"/>).</summary>
    public readonly void Prefetch(BoundSchema bound, int step)
    {
        if (_member is not { } member) return;
        if (step == 0 && _isActing && _delegation.Likely is { } hop) bound.Plans.Types[hop.Type].Hop?.Prefetch(hop.Number, member);
        else if (_resource.Likely is { } resource && _subject.Likely is { } subject)
            bound.Plans[member].Prefetch(new Plans.Ahead(new Plans.SubjectClass(subject.Type, null).Code, subject.Number), resource.Number, step);
    }

    /// <exception cref="RejectionException">An unknown type or permission, a malformed question.</exception>
    /// <param name="question">The one that was sought.</param>
    public readonly ResolvedQuestion Resolve(BoundSchema bound, in CheckQuestion question)
    {
        CompiledSchema schema = bound.Schema;
        var numbers = new QuestionNumbers(bound, question);
        ObjectKey resource = numbers.Key(QuestionNumbers.Resource, question.Resource, _resource);
        MemberId member = _member ?? throw Rejections.UnknownMember(schema[resource.Type], question.Permission);
        // one object has one number, although its name may come or go between two looks
        bool isOne = _subject.Type == _resource.Type && question.Subject.Object.Id == question.Resource.Id;
        ObjectKey subject = isOne ? resource : numbers.Key(QuestionNumbers.Subject, question.Subject.Object, _subject);
        var who = new SubjectKey(subject, question.Subject.Relation is { } relation ? MemberOf(schema, subject.Type, relation) : null);
        if (!_isActing) return new ResolvedQuestion(resource, member, who, null, null, null);
        ExpectActing(schema, question);
        return new ResolvedQuestion(resource, member, who,
            numbers.Key(QuestionNumbers.Delegation, question.Acting.Delegation, _delegation),
            numbers.Key(QuestionNumbers.Root, question.Acting.Root, _root),
            numbers.Key(QuestionNumbers.Task, question.Acting.Task, _task));
    }

    /// <summary>All steps but what a batch fetches ahead.</summary>
    /// <inheritdoc cref="Resolve"/>
    public ResolvedQuestion Pursue(BoundSchema bound, in CheckQuestion question)
    {
        Seek(bound, question);
        Reach(bound);
        Guess(bound);
        return Resolve(bound, question);
    }

    private static void Seek(BoundSchema bound, ObjectRef? name, ref SoughtName sought)
    {
        if (name is { } given) sought.Seek(bound, given);
        else sought = default;
    }

    private void SeekMember(CompiledSchema schema, string permission)
    {
        TypeId? type = _resource.Type;
        if (_member is { } before && schema[before] is var known && known.Type == type && known.Name == permission) return;
        _member = type is { } of ? schema.FindMember(of, permission)?.Id : null;
    }

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
