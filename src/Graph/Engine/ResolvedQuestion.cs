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
    /// <inheritdoc cref="SoughtQuestion.Resolve"/>
    public static ResolvedQuestion Of(BoundSchema bound, in CheckQuestion question) => default(SoughtQuestion).Pursue(bound, question);
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

    public ObjectKey? Key(int place, ObjectRef? value, in SoughtName sought) => value is { } given ? Key(place, given, sought) : null;

    /// <param name="sought">The same object, guessed already.</param>
    public ObjectKey Key(int place, ObjectRef value, in SoughtName sought)
    {
        TypeId type = sought.Type ?? throw Rejections.UnknownType(_bound.Schema, value.Type);
        if (value.IsWildcard) throw Rejections.WildcardNotAllowed(What(place));
        uint number = sought.Find(_bound, value.Id);
        return new ObjectKey(type, number != 0 ? number : Unknown(place, value));
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
