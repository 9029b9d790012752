using System.Runtime.CompilerServices;
using AuthzGraph.Graph.Index;
using AuthzGraph.Model;
using AuthzGraph.SchemaCompiler;

namespace AuthzGraph.Graph.Engine;

/// <summary>A question by number, checked against the schema: inside the engine there are no names.</summary>
internal readonly record struct ResolvedQuestion(
    ObjectKey Resource, MemberId Member, SubjectKey Subject, ObjectKey? Delegation, ObjectKey? Root, ObjectKey? Task)
{
    public bool IsActing => Delegation is not null || Root is not null;

    /// <summary>Turns names into numbers, or rejects the question.</summary>
    [SkipLocalsInit]
    public static ResolvedQuestion Of(BoundSchema bound, in CheckQuestion question)
    {
        CompiledSchema schema = bound.Schema;
        var numbers = new QuestionNumbers(bound, question);
        Span<byte> resourceText = stackalloc byte[NameTable.MaxBytes], subjectText = stackalloc byte[NameTable.MaxBytes];
        SoughtName soughtResource = SoughtName.Seek(bound, question.Resource, ref resourceText);
        SoughtName soughtSubject = SoughtName.Seek(bound, question.Subject.Object, ref subjectText);
        soughtResource.Guess();
        soughtSubject.Guess();
        soughtResource.Fetch();
        soughtSubject.Fetch();
        ObjectKey resource = numbers.Key(QuestionNumbers.Resource, question.Resource, soughtResource, resourceText);
        MemberId member = MemberOf(schema, resource.Type, question.Permission);
        ObjectKey subject = numbers.Key(QuestionNumbers.Subject, question.Subject.Object, soughtSubject, subjectText);
        var who = new SubjectKey(subject, question.Subject.Relation is { } relation ? MemberOf(schema, subject.Type, relation) : null);
        if (question.Acting.IsNone) return new ResolvedQuestion(resource, member, who, null, null, null);
        ExpectActing(schema, question);
        return new ResolvedQuestion(resource, member, who,
            numbers.Key(QuestionNumbers.Delegation, question.Acting.Delegation),
            numbers.Key(QuestionNumbers.Root, question.Acting.Root),
            numbers.Key(QuestionNumbers.Task, question.Acting.Task));
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

/// <summary>
/// The numbers of the objects a question names. A name that no tuple holds gets a number that no edge holds, the same
/// for the same name, so that it matches wildcards and itself and nothing else.
/// </summary>
internal readonly ref struct QuestionNumbers
{
    public const int Resource = 0;
    public const int Subject = 1;
    public const int Delegation = 2;
    public const int Root = 3;
    public const int Task = 4;

    private readonly BoundSchema _bound;
    private readonly ref readonly CheckQuestion _question;

    public QuestionNumbers(BoundSchema bound, in CheckQuestion question)
    {
        _bound = bound;
        _question = ref question;
    }

    [SkipLocalsInit]
    public ObjectKey? Key(int place, ObjectRef? value)
    {
        if (value is not { } given) return null;
        Span<byte> text = stackalloc byte[NameTable.MaxBytes];
        SoughtName sought = SoughtName.Seek(_bound, given, ref text);
        sought.Guess();
        return Key(place, given, sought, text);
    }

    /// <param name="sought">The same object, guessed already.</param>
    /// <param name="text">Its id in UTF-8.</param>
    public ObjectKey Key(int place, ObjectRef value, in SoughtName sought, ReadOnlySpan<byte> text)
    {
        ObjectType type = sought.Type ?? throw Rejections.UnknownType(_bound.Schema, value.Type);
        if (value.IsWildcard) throw Rejections.WildcardNotAllowed(What(place));
        uint number = sought.Find(text);
        return new ObjectKey(type.Id, number != 0 ? number : Unknown(place, value));
    }

    private uint Unknown(int place, ObjectRef value)
    {
        if (!Names.IsObjectId(value.Id)) throw Rejections.InvalidName("object id", value.Id);
        return EdgeStore.FirstUnknown + (uint)FirstNamed(place, value);
    }

    private int FirstNamed(int place, ObjectRef value)
    {
        for (int earlier = 0; earlier < place; earlier++)
            if (At(_question, earlier) == value) return earlier;
        return place;
    }

    public static ObjectRef? At(in CheckQuestion question, int place) => place switch
    {
        Resource => question.Resource,
        Subject => question.Subject.Object,
        Delegation => question.Acting.Delegation,
        Root => question.Acting.Root,
        _ => question.Acting.Task,
    };

    private static string What(int place) => place switch
    {
        Resource => "the resource",
        Subject => "the subject",
        Delegation => "the delegation",
        Root => "the root",
        _ => "the task",
    };
}
